import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { refundByForm } from '../../../src/domain/payments/refund-by-form.ts';
import { rowsOf } from '../support/api.ts';
import { failingD1 } from '../support/counting.ts';
import type { BindingChanges } from '../support/direct.ts';
import { failNext } from '../support/keyed.ts';
import { personIn } from '../support/person.ts';
import {
  dashboardRefund,
  type PaidSession,
  paidSession,
  readPayment,
  refundRequests,
  refundRows,
  stripeRefunds,
} from '../support/refunds.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Sent {
  readonly amountMinor?: number | null;
  readonly bindings?: BindingChanges;
}

/** A shop with a paid payment, and a form to refund it. */
async function formFor() {
  const shop = await newWorkspace({ webhook: false });
  const payment = await paidSession(shop);
  const form = newFormId();
  const send = async ({ amountMinor = 1000, bindings = {} }: Sent = {}) => {
    const wanted = { id: payment.id, form, amountMinor, reason: 'Damaged' };
    return await refundByForm(await personIn(shop, bindings), wanted);
  };
  return { shop, payment, send };
}

/** One refund at Stripe, in our rows and in the audit log, where it is the person's. */
async function expectOneRefund(shop: TestWorkspace, payment: PaidSession, amount: number): Promise<void> {
  expect((await stripeRefunds(shop, payment)).map((refund) => refund.amount)).toEqual([amount]);
  const [row, ...more] = await refundRows(shop);
  expect([row?.amount_minor, more]).toEqual([amount, []]);
  const audit = (await rowsOf('audit_log', shop.workspace.id)).filter(({ action }) => action === 'refund.create');
  expect(audit).toMatchObject([{ actor: 'person:usr_ann', address: '203.0.113.7', object: row?.stripe_refund_id }]);
}

describe('A refund by a form', () => {
  it('is made once, however often the form is sent', async () => {
    const { shop, payment, send } = await formFor();
    const first = await send();
    expect(first).toMatchObject({ kind: 'refunded', refund: { amountMinor: 1000, reason: 'Damaged' } });
    expect(await send()).toEqual(first);
    await expectOneRefund(shop, payment, 1000);
    expect(await refundRequests(shop)).toHaveLength(1);
  });

  it('is made once by a double click, and both clicks are answered with it', async () => {
    const { shop, payment, send } = await formFor();
    await control('POST', '/faults', { account: shop.account, latency_ms: 200 });
    const answers = await Promise.all([send(), send(), send()]);
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'refunded', refund: { amountMinor: 1000 } });
    await expectOneRefund(shop, payment, 1000);
  });

  it('waits where Stripe still works on the first click', async () => {
    const { shop, payment, send } = await formFor();
    let refused = 0;
    stripeOf(async (request, real) => {
      if (request.method !== 'POST' || refused > 0) return await real(request);
      refused += 1;
      return stripeErrorAnswer({ status: 409, code: 'idempotency_key_in_use' });
    });
    expect(await send()).toMatchObject({ kind: 'refunded' });
    expect(refused).toBe(1);
    await expectOneRefund(shop, payment, 1000);
  });

  it('of all that is left is made once, although nothing is left then', async () => {
    const { shop, payment, send } = await formFor();
    const first = await send({ amountMinor: null });
    expect(first).toMatchObject({ kind: 'refunded', refund: { amountMinor: 4999 } });
    expect(await send({ amountMinor: null })).toEqual(first);
    await expectOneRefund(shop, payment, 4999);
  });

  it('is the only one of its form: another amount is refunded by another form', async () => {
    const { shop, payment, send } = await formFor();
    await send({ amountMinor: 1000 });
    expect(await send({ amountMinor: 2000 })).toMatchObject({ kind: 'made_before', refund: { amountMinor: 1000 } });
    await expectOneRefund(shop, payment, 1000);
    const other = { id: payment.id, form: newFormId(), amountMinor: 2000, reason: null };
    expect(await refundByForm(await personIn(shop), other)).toMatchObject({ kind: 'refunded' });
    expect(await readPayment(shop, payment.id)).toMatchObject({ refunded_cents: 3000 });
  });

  it('of another amount after an answer that was lost finds the first one', async () => {
    const { shop, payment, send } = await formFor();
    await failNext(shop, 'network', true);
    await expect(send({ amountMinor: 1000 })).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await send({ amountMinor: 2000 })).toMatchObject({ kind: 'made_before', refund: { amountMinor: 1000 } });
    await expectOneRefund(shop, payment, 1000);
  });

  it('may be corrected after a refusal', async () => {
    const { shop, payment, send } = await formFor();
    await expect(send({ amountMinor: 5000 })).rejects.toMatchObject({
      code: 'invalid_amount',
      faults: [{ field: 'amountMinor' }],
    });
    expect(await send({ amountMinor: 4000 })).toMatchObject({ kind: 'refunded' });
    await expectOneRefund(shop, payment, 4000);
  });
});

describe('The same form after a failure', () => {
  for (const [status, afterCommit] of [
    ['network', true],
    ['network', false],
    [500, true],
    [429, false],
  ] as const) {
    it(`of Stripe (${status} ${afterCommit ? 'after' : 'before'} its work) makes one refund of all`, async () => {
      const { shop, payment, send } = await formFor();
      await failNext(shop, status, afterCommit);
      const error: unknown = await send().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'service_unavailable', message: expect.stringMatching(/again/) });
      expect(await send()).toMatchObject({ kind: 'refunded' });
      await expectOneRefund(shop, payment, 1000);
    });
  }

  for (const nth of [1, 2, 3]) {
    for (const when of ['before', 'after'] as const) {
      it(`of the database (${when} round trip ${nth}) makes one refund of all`, async () => {
        const { shop, payment, send } = await formFor();
        await expect(send({ bindings: failingD1(env, nth, when) })).rejects.toThrow();
        expect(await send()).toMatchObject({ kind: 'refunded' });
        await expectOneRefund(shop, payment, 1000);
      });
    }
  }

  it('that Stripe repeats for ever is spent: only a new form makes a refund', async () => {
    const { shop, payment, send } = await formFor();
    const keys = new Set<string>();
    stripeOf(async (request, real) => {
      const key = request.headers.get('Idempotency-Key') ?? '';
      if (request.method !== 'POST' || (keys.size > 0 && !keys.has(key))) return await real(request);
      const answer = stripeErrorAnswer({ status: 500, type: 'api_error' });
      if (keys.has(key)) answer.headers.set('Idempotent-Replayed', 'true');
      keys.add(key);
      return answer;
    });
    await expect(send()).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await send()).toEqual({ kind: 'spent' });
    expect(await stripeRefunds(shop, payment)).toEqual([]);
    const other = { id: payment.id, form: newFormId(), amountMinor: 1000, reason: null };
    expect(await refundByForm(await personIn(shop), other)).toMatchObject({ kind: 'refunded' });
    await expectOneRefund(shop, payment, 1000);
  });

  it('is a refusal where all was given back by somebody else meanwhile', async () => {
    const { shop, payment, send } = await formFor();
    await failNext(shop, 'network', false);
    await expect(send({ amountMinor: null })).rejects.toMatchObject({ code: 'service_unavailable' });
    await dashboardRefund(shop, payment);
    await expect(send({ amountMinor: null })).rejects.toMatchObject({ code: 'payment_not_refundable' });
  });
});

it('the same form in another workspace is another operation, and refunds nothing of the first', async () => {
  const { shop, payment, send } = await formFor();
  const other = await newWorkspace({ webhook: false, shard: shop.shard });
  const form = newFormId();
  for (const [where, { id }] of [
    [shop, payment],
    [other, await paidSession(other)],
  ] as const) {
    const wanted = { id, form, amountMinor: 1000, reason: null };
    expect(await refundByForm(await personIn(where), wanted)).toMatchObject({ kind: 'refunded' });
  }
  await send();
  expect(await readPayment(shop, payment.id)).toMatchObject({ refunded_cents: 2000 });
  const stranger = { id: payment.id, form, amountMinor: 1000, reason: null };
  await expect(refundByForm(await personIn(other), stranger)).rejects.toMatchObject({ code: 'not_found' });
});
