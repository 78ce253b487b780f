import { describe, expect, it } from 'vitest';
import { expectError, footprint } from '../support/api.ts';
import { openSession, readSession } from '../support/payments.ts';
import { deliverStripeEvents, type PayOutcome, pay } from '../support/simulator.ts';
import { call, newWorkspace } from '../support/workspace.ts';

describe('GET /checkout-sessions/:id', () => {
  it('answers what its creation answered, while it is open', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    for (const extra of [{}, { reference: '1042', description: 'Lamp' }, { payment_link_token: link.token }]) {
      const session = await openSession(shop, extra);
      expect(await readSession(shop, session.id)).toEqual(session);
    }
  });

  const ends: readonly (readonly [readonly PayOutcome[], string])[] = [
    [['paid'], 'succeeded'],
    [['processing'], 'processing'],
    [['processing', 'processing_succeeded'], 'succeeded'],
    [['processing', 'processing_failed'], 'failed'],
    [['expired'], 'expired'],
  ];
  for (const [outcomes, status] of ends) {
    it(`shows ${status} after ${outcomes.join(' and ')}, and no address to pay at`, async () => {
      const shop = await newWorkspace();
      const session = await openSession(shop, { reference: '1042' });
      for (const outcome of outcomes) {
        await pay(session.stripe_session_id, outcome);
        await deliverStripeEvents(String(shop.account));
      }
      expect(await readSession(shop, session.id)).toEqual({ ...session, status, url: null });
    });
  }

  it('stays created and payable after a declined card', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'declined');
    await deliverStripeEvents(String(shop.account));
    expect(await readSession(shop, session.id)).toEqual(session);
  });

  it('is the same 404 for another workspace, the other mode, and what is no id', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const stranger = await newWorkspace({ mode: 'live' });
    const own = await openSession(live);
    const foreign = [(await openSession(sandbox)).id, (await openSession(stranger)).id];
    const nonsense = [
      ...['0', '-1', '1.5', 'abc', '01', '1e3', '0x1', '9'.repeat(15), '9'.repeat(16), '9'.repeat(400), 'null', 'NaN'],
      ...['%20', '1%00', '1%20', '%EF%BC%91', '%FF', String(2 ** 53), own.stripe_session_id, "1'--", `${own.id},1`],
    ];
    const before = await footprint(live);
    const answers = new Set<string>();
    for (const id of [...foreign, ...nonsense]) {
      const error = await expectError(await call(live.key, 'GET', `/checkout-sessions/${id}`), 404, 'not_found');
      answers.add(JSON.stringify(error));
      const expired = await call(live.key, 'POST', `/checkout-sessions/${id}/expire`);
      answers.add(JSON.stringify(await expectError(expired, 404, 'not_found')));
    }
    expect(answers.size).toBe(1);
    expect(await footprint(live)).toEqual(before);
  });

  it('needs the scope to read or the one to create', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    for (const scope of ['service.payments.checkout.read', 'service.payments.checkout.create']) {
      const { secret } = await shop.issue({ scopes: [scope] });
      expect((await call(secret, 'GET', `/checkout-sessions/${id}`)).status).toBe(200);
    }
  });

  it('replays nothing: an Idempotency-Key on it says nothing', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    const headers = { 'Idempotency-Key': 'read' };
    expect((await call(shop.key, 'GET', `/checkout-sessions/${session.id}`, undefined, headers)).status).toBe(200);
    await pay(session.stripe_session_id, 'paid');
    await deliverStripeEvents(String(shop.account));
    const response = await call(shop.key, 'GET', `/checkout-sessions/${session.id}`, undefined, headers);
    expect(response.headers.has('Idempotent-Replayed')).toBe(false);
    expect(await response.json()).toMatchObject({ data: { status: 'succeeded' } });
  });
});
