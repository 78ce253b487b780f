import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import type * as z from 'zod/mini';
import { verifyWebhook, type WebhookEventData, type WebhookEventType } from '../../../sdk/verify-webhook.ts';
import { EVENT_DATA } from '../../../src/domain/webhooks/event-schemas.ts';
import type { EventType } from '../../../src/domain/webhooks/event-types.ts';
import { BODY, CURRENT, NOW } from '../../support/webhook-vectors.ts';
import { delivery, outcome } from '../../support/webhook-verification.ts';

const SDK = resolve(import.meta.dirname, '../../../sdk');

afterEach(() => void vi.unstubAllGlobals());

describe('the types of the events', () => {
  it('are those of the API', () => {
    const types = {
      'payments.payment.succeeded': true,
      'payments.payment.failed': true,
      'payments.payment.processing': true,
      'payments.payment.refunded': true,
      'payments.refund.failed': true,
      'payments.checkout.expired': true,
      'payments.dispute.opened': true,
      'payments.dispute.closed': true,
      'payments.link.exhausted': true,
      'payments.account.updated': true,
      'webhook.endpoint.disabled': true,
      'webhook.ping': true,
    } satisfies Record<WebhookEventType, true>;
    expect(Object.keys(types).sort()).toEqual(Object.keys(EVENT_DATA).sort());
  });

  it('have the data of the API: the type checker holds it', () => {
    type Documented = { [Type in EventType]: z.output<(typeof EVENT_DATA)[Type]> };
    expectTypeOf<WebhookEventData>().toEqualTypeOf<Documented>();
  });

  it('narrow the data', async () => {
    const event = await verifyWebhook({ body: BODY, headers: await delivery(), secret: CURRENT, now: NOW });
    expect(event.type === 'payments.payment.succeeded' ? event.data.amount_cents : null).toBe(4999);
  });
});

describe('the file', () => {
  it('imports nothing, so that it can be copied alone', () => {
    expect(readdirSync(SDK).sort()).toEqual(['README.md', 'golden-vectors.json', 'verify-webhook.ts']);
    const text = readFileSync(join(SDK, 'verify-webhook.ts'), 'utf8');
    expect(text).toContain('export async function verifyWebhook');
    expect(text).not.toMatch(/\bfrom ['"]|^import\b|\brequire\(/m);
    // The one thing it looks for at run time: Web Crypto where Node 18 has it.
    expect(text.match(/\bimport\(.*/g)).toEqual([expect.stringMatching(/ name\)/)]);
    expect(text).toContain("const name = ['node', 'crypto'].join(':');");
  });

  it('finds Web Crypto in node:crypto where it is not global', async () => {
    const headers = await delivery();
    for (const missing of [undefined, {}]) {
      vi.stubGlobal('crypto', missing);
      expect(await outcome({ body: BODY, headers, secret: CURRENT, now: NOW })).toBe('accepted');
      expect(await outcome({ body: `${BODY} `, headers, secret: CURRENT, now: NOW })).toBe('signature_mismatch');
    }
  });
});
