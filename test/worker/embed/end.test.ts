import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { accountOf, expectError, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { boot, expectEmbedded, newWidget, postEnd, postSession, type Widget } from '../support/embed.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { operatorContext } from '../support/workspace.ts';

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

async function opened(widget: Widget) {
  const t = (await boot(widget)).token;
  const { session_id } = await expectEmbedded(await postSession({ t, form: newFormId() }));
  return { t, session_id };
}

describe('a session that its buyer has left', () => {
  it('ends at Stripe and here, and its place is free at once', async () => {
    const widget = await newWidget({ maxPayments: 1 });
    const left = await opened(widget);
    const { t } = left;
    const held = await postSession({ t, form: newFormId() });
    expect(held.headers.get('Retry-After')).toBe('60');
    const { message } = await expectError(held, 409, 'payment_link_sold_out');
    expect(message).toBe('This payment link takes no more payments for now. Try again in a minute.');
    const ended = await postEnd(left);
    expect([ended.status, await ended.json()]).toEqual([200, { data: { status: 'expired' } }]);
    const [session] = await stripeSessions(accountOf(widget.shop.account));
    expect(session?.status).toBe('expired');
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ status: 'expired' }]);
    await expectEmbedded(await postSession({ t, form: newFormId() }));
    expect(await (await postEnd(left)).json()).toEqual({ data: { status: 'expired' } });
  });

  it('and was paid meanwhile stays paid', async () => {
    const widget = await newWidget();
    const left = await opened(widget);
    await pay(left.session_id, 'paid');
    await expectError(await postEnd(left), 409, 'checkout_session_not_open');
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await (await postEnd(left)).json()).toEqual({ data: { status: 'succeeded' } });
    await deliverStripeEvents(accountOf(widget.shop.account));
    expect(await rowsOf('events', widget.shop.workspace.id)).toHaveLength(1);
  });

  it('is ended by our own frame alone, with a token of its link', async () => {
    const [widget, other] = [await newWidget(), await newWidget()];
    const left = await opened(widget);
    const { t } = await opened(other);
    await expectError(await postEnd({ ...left, t }), 404, 'not_found');
    await expectError(await postEnd({ ...left, session_id: 'cs_test_unknown' }), 404, 'not_found');
    await expectError(await postEnd({ ...left, session_id: ['x'] }), 404, 'not_found');
    await expectError(await postEnd({ ...left, t: 'x' }), 401, 'invalid_embed_token');
    const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    await expectError(await postEnd(left, { headers: foreign }), 403, 'origin_not_allowed');
    expect(await rowsOf('payments', widget.shop.workspace.id)).toMatchObject([{ status: 'created' }]);
  });

  it('is not ended by a key that was revoked, nor by a token that is too old', async () => {
    const widget = await newWidget();
    const left = await opened(widget);
    await revokeKey(operatorContext(widget.shop.shard), widget.keyId);
    await expectError(await postEnd(left), 401, 'invalid_api_key');
    passTime(60 * 60_000);
    await expectError(await postEnd(left), 401, 'invalid_embed_token');
  });
});
