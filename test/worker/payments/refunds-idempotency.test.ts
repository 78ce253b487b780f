import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError } from '../support/api.ts';
import { failingD1, wrapNamespace } from '../support/counting.ts';
import { failNext } from '../support/keyed.ts';
import { heldEvents, sendAll } from '../support/payments.ts';
import {
  askRefund,
  dashboardRefund,
  expectOneRefund,
  expectRefund,
  type PaidSession,
  paidSession,
  readPayment,
  refundRequests,
  refundRows,
  stripeRefunds,
} from '../support/refunds.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control, stripeRequests } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const key = 'refund-1042';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The lease of a request that never ended is 30 s. */
function afterTheLease(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 31_000);
}

/** A retry resumes: it is no replay. The one after it is. */
async function expectResumed(shop: TestWorkspace, payment: PaidSession, body: unknown = {}) {
  const retried = await askRefund(shop, payment.id, body, { key });
  expect(retried.headers.has('Idempotent-Replayed')).toBe(false);
  const text = await retried.clone().text();
  const refund = await expectOneRefund(shop, payment, retried);
  const replayed = await askRefund(shop, payment.id, body, { key });
  expect([replayed.headers.get('Idempotent-Replayed'), await replayed.text()]).toEqual(['true', text]);
  return refund;
}

describe('the same request again', () => {
  it('replays the stored answer to the byte, and asks nothing of Stripe', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const body = { amount_cents: 1000, reason: 'Damaged' };
    const first = await askRefund(shop, payment.id, body, { key });
    const before = (await stripeRequests(accountOf(shop.account))).length;
    const again = await askRefund(shop, payment.id, { reason: 'Damaged', amount_cents: 1000 }, { key });
    expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    expect(await again.text()).toBe(await first.text());
    expect((await stripeRequests(accountOf(shop.account))).length).toBe(before);
    const other = await askRefund(shop, payment.id, { amount_cents: 1001 }, { key });
    await expectError(other, 409, 'idempotency_key_conflict');
  });

  it('at once, twenty times: one refund, and the same bytes for all', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await control('POST', '/faults', { account: shop.account, latency_ms: 200 });
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => askRefund(shop, payment.id, { amount_cents: 3000 }, { key })),
    );
    const bodies = new Set(await Promise.all(responses.map((response) => response.clone().text())));
    expect(bodies.size).toBe(1);
    expect(await refundRequests(shop)).toHaveLength(1);
    const [first] = responses;
    if (first) await expectOneRefund(shop, payment, first);
  });

  it('under the same key for another payment is another refund', async () => {
    const shop = await newWorkspace(quiet);
    const [one, other] = [await paidSession(shop), await paidSession(shop)];
    const first = await expectRefund(await askRefund(shop, one.id, {}, { key }));
    const second = await expectRefund(await askRefund(shop, other.id, {}, { key }));
    expect([first.payment_id, second.payment_id]).toEqual([one.id, other.id]);
  });
});

describe('after a Stripe that failed', () => {
  for (const [status, afterCommit] of [
    [500, true],
    [500, false],
    ['network', true],
    ['network', false],
    [429, false],
    [503, false],
  ] as const) {
    it(`with ${status} ${afterCommit ? 'after' : 'before'} its work, the retry gives one refund of all`, async () => {
      const shop = await newWorkspace(quiet);
      const payment = await paidSession(shop);
      await failNext(shop, status, afterCommit);
      await expectError(await askRefund(shop, payment.id, {}, { key }), 503, 'service_unavailable');
      expect(await stripeRefunds(shop, payment)).toHaveLength(afterCommit ? 1 : 0);
      await expectError(
        await askRefund(shop, payment.id, { amount_cents: 1 }, { key }),
        409,
        'idempotency_key_conflict',
      );
      expect(await expectResumed(shop, payment)).toMatchObject({ amount_cents: 4999 });
      expect(await refundRequests(shop)).toHaveLength(afterCommit ? 1 : 2);
    });
  }

  it('and an event of the refund meanwhile, the retry answers that row, whatever is left by now', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await failNext(shop, 'network', true);
    await expectError(await askRefund(shop, payment.id, { amount_cents: 3000 }, { key }), 503, 'service_unavailable');
    await sendAll(await heldEvents(shop));
    const [row] = await refundRows(shop);
    expect(row).toMatchObject({ amount_minor: 3000, operation_id: expect.stringMatching(/^op_/) });
    expect(await expectResumed(shop, payment, { amount_cents: 3000 })).toMatchObject({ id: row?.id });
  });

  it('and an event of the refund without our metadata, the retry gives that row its operation', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await failNext(shop, 'network', true);
    await expectError(await askRefund(shop, payment.id, {}, { key }), 503, 'service_unavailable');
    await sendAll(await heldEvents(shop));
    await shop.binding
      .prepare('UPDATE refunds SET operation_id = NULL, reason = NULL WHERE workspace_id = ?')
      .bind(shop.workspace.id)
      .run();
    await expectResumed(shop, payment);
  });

  it('with a stored failure, the retry goes on under a second key, and only then', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    // Stripe keeps this answer: it repeats a failure that had no effect, for ever.
    let failed = 0;
    stripeOf(async (request, real) => {
      if (request.method !== 'POST') return await real(request);
      const isFirstKey = !(request.headers.get('Idempotency-Key') ?? '').includes(':');
      if (!isFirstKey) return await real(request);
      failed += 1;
      const answer = stripeErrorAnswer({ status: 500, type: 'api_error' });
      if (failed > 1) answer.headers.set('Idempotent-Replayed', 'true');
      return answer;
    });
    const bindings = { WORKSPACE_GATE: env.WORKSPACE_GATE };
    const first = await askRefund(shop, payment.id, {}, { key, bindings });
    await expectError(first, 503, 'service_unavailable');
    const refund = await expectOneRefund(shop, payment, await askRefund(shop, payment.id, {}, { key, bindings }));
    expect(refund.amount_cents).toBe(4999);
    const [request, ...more] = await refundRequests(shop);
    expect([request?.idempotency_key, more]).toEqual([expect.stringMatching(/^op_\w+:2$/), []]);
  });

  it('with a stored failure after its work, the retry finds what that made, and asks no further', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await failNext(shop, 500, true);
    await expectError(await askRefund(shop, payment.id, { amount_cents: 3000 }, { key }), 503, 'service_unavailable');
    await expectResumed(shop, payment, { amount_cents: 3000 });
    expect(await refundRequests(shop)).toHaveLength(1);
  });

  it('and where all was given back by somebody else meanwhile, the retry is refused and the key stays bound', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await failNext(shop, 500, false);
    await expectError(await askRefund(shop, payment.id, {}, { key }), 503, 'service_unavailable');
    await dashboardRefund(shop, payment);
    await expectError(await askRefund(shop, payment.id, {}, { key }), 409, 'payment_not_refundable');
    await expectError(await askRefund(shop, payment.id, { amount_cents: 1 }, { key }), 409, 'idempotency_key_conflict');
    expect(await stripeRefunds(shop, payment)).toHaveLength(1);
  });

  it('while Stripe still works on the first, the retry is answered that it must wait', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await failNext(shop, 500, false);
    await expectError(await askRefund(shop, payment.id, {}, { key }), 503, 'service_unavailable');
    stripeOf(async (request, real) =>
      request.method === 'POST'
        ? stripeErrorAnswer({ status: 409, code: 'idempotency_key_in_use' })
        : await real(request),
    );
    const waiting = await askRefund(shop, payment.id, {}, { key });
    expect(waiting.headers.get('Retry-After')).toMatch(/^\d+$/);
    await expectError(waiting, 503, 'service_unavailable');
    vi.restoreAllMocks();
    await expectResumed(shop, payment);
  });
});

describe('without an Idempotency-Key', () => {
  it('an unknown outcome says so, and that the payment is to be read first', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const part = { amount_cents: 1000 };
    await failNext(shop, 'network', true);
    const lost = await askRefund(shop, payment.id, part);
    const unwritten = await askRefund(shop, payment.id, part, { bindings: failingD1(env, 3) });
    for (const response of [lost, unwritten]) {
      // Clients repeat a request by themselves where an answer has this header.
      expect(response.headers.get('Retry-After')).toBeNull();
      const { message } = await expectError(response, 503, 'service_unavailable');
      expect(message).toContain('may have been made');
      expect(message).toContain('Idempotency-Key');
    }
    await sendAll(await heldEvents(shop));
    expect(await readPayment(shop, payment.id)).toMatchObject({ refunded_cents: 2000 });
  });

  it.each(['rate_limit', 'lock_timeout'])('a 429 %s of Stripe, which did nothing, may be sent again', async (code) => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    stripeOf(async () => stripeErrorAnswer({ status: 429, code }));
    const bindings = { WORKSPACE_GATE: env.WORKSPACE_GATE };
    const response = await askRefund(shop, payment.id, {}, { bindings });
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    const { message } = await expectError(response, 503, 'service_unavailable');
    expect(message).not.toContain('may have been made');
    vi.restoreAllMocks();
    expect(await stripeRefunds(shop, payment)).toEqual([]);
  });

  it('a refusal is answered unchanged', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await dashboardRefund(shop, payment);
    await expectError(await askRefund(shop, payment.id), 409, 'payment_not_refundable');
  });
});

describe('after a database or gate that failed', () => {
  for (const nth of [2, 3, 4]) {
    for (const when of ['before', 'after'] as const) {
      it(`(${when} round trip ${nth}), the retry gives one refund`, async () => {
        const shop = await newWorkspace(quiet);
        const payment = await paidSession(shop);
        const bindings = failingD1(env, nth, when);
        await expectError(await askRefund(shop, payment.id, {}, { key, bindings }), 503, 'service_unavailable');
        expect(await stripeRefunds(shop, payment)).toHaveLength(nth === 2 ? 0 : 1);
        await expectResumed(shop, payment);
        expect(await refundRequests(shop)).toHaveLength(1);
      });
    }
  }

  it('(the gate before the key was ended), the answer stands, and the retry gives the same', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const gate = wrapNamespace(env.WORKSPACE_GATE, async (method, call) => {
      if (method === 'finish') throw new Error('Network connection lost.');
      return await call();
    });
    const first = await expectRefund(
      await askRefund(shop, payment.id, {}, { key, bindings: { WORKSPACE_GATE: gate } }),
    );
    afterTheLease();
    expect(await expectResumed(shop, payment)).toEqual(first);
    expect(await refundRequests(shop)).toHaveLength(1);
    expect(await readPayment(shop, payment.id)).toMatchObject({ status: 'refunded' });
  });
});
