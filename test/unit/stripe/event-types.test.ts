import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { parseStripeEvent, readStripeEvent, STRIPE_EVENT_TYPES } from '../../../src/stripe/events.ts';

const EVENTS = join(import.meta.dirname, '../../../src/stripe/events.ts');

function event(type: string, members: object = {}) {
  return {
    object: 'event',
    id: 'evt_1',
    type,
    livemode: false,
    created: 1_800_000_000,
    // Of the capabilities only this one is acted on.
    data: { object: type === 'capability.updated' ? { id: 'card_payments' } : {} },
    ...members,
  };
}

describe('the Stripe events that are asked for', () => {
  it('are all those that are acted on, and as many as Stripe takes at most', () => {
    const handled = [...readFileSync(EVENTS, 'utf8').matchAll(/case '([a-z_.]+)':/g)].map(([, type]) => type);
    expect([...STRIPE_EVENT_TYPES].toSorted()).toEqual(handled.toSorted());
    expect(STRIPE_EVENT_TYPES.length).toBeGreaterThan(0);
    expect(STRIPE_EVENT_TYPES.length).toBeLessThanOrEqual(20);
    for (const type of STRIPE_EVENT_TYPES) {
      expect(readStripeEvent(event(type, { api_version: Stripe.API_VERSION }))?.fact.kind).not.toBe('other');
      expect(readStripeEvent(event(type, { api_version: '2019-12-03' }))?.fact.kind).not.toBe('other');
    }
  });

  it.each(['2019-12-03', null, undefined])('are read by the id of their object alone in API version %s', (version) => {
    const object = { id: 'cs_1', payment_intent: { id: 'pi_1', status: 'x' }, metadata: { a: 'b', c: 1 } };
    const members = { api_version: version, data: { object } };
    expect(readStripeEvent(event('checkout.session.expired', members))?.fact).toEqual({
      kind: 'outdated',
      object: 'session',
      atBest: 'expired',
      id: 'cs_1',
      traces: { id: 'cs_1', paymentIntentId: 'pi_1', metadata: { a: 'b' } },
    });
    expect(readStripeEvent(event('charge.succeeded', members))?.fact).toEqual({ kind: 'other' });
    expect(readStripeEvent(event('refund.created', { api_version: version }))?.fact).toMatchObject({
      kind: 'misshapen',
      faults: ['data.object.id: missing'],
    });
  });

  it('are of the account that was asked, whatever they say themselves', () => {
    const type = 'account.application.deauthorized';
    expect(readStripeEvent(event(type), 'acct_1')?.account).toBe('acct_1');
    expect(readStripeEvent(event(type, { account: 'acct_2' }), 'acct_1')?.account).toBe('acct_1');
    expect(readStripeEvent(event(type, { account: 'acct_2' }))?.account).toBe('acct_2');
    expect(readStripeEvent(event(type))?.account).toBeNull();
  });

  it.each(['', 'no JSON', 'null', '[]', '{}', '{"object":"v2.core.event","id":"evt_1"}'])(
    'are not read from %j',
    (body) => {
      expect(parseStripeEvent(body, 'acct_1')).toBeNull();
    },
  );
});
