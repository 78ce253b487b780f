import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError } from '../support/api.ts';
import { heldEvents, openSession, sendAll } from '../support/payments.ts';
import { expectRefusal } from '../support/protected-route.ts';
import {
  askRefund,
  dashboardRefund,
  expectRefund,
  paidSession,
  refundRequests,
  refundRows,
  stripeRefunds,
} from '../support/refunds.ts';
import { type StripeError, stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control, type PayOutcome, pay } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

async function sessionWith(shop: TestWorkspace, outcome: PayOutcome): Promise<number> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, outcome);
  await sendAll(await heldEvents(shop));
  return session.id;
}

describe('a refund is 404', () => {
  it('for an id that does not exist or is not valid', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    const none = [id + 1_000_000, 0, -1, '01', `${id}.0`, `+${id}`, '1e3', '9007199254740993', 'x', '%00', `${id}%20`];
    for (const unknown of none) {
      const refused = () => askRefund(shop, unknown);
      await expectRefusal({ workspace: shop }, refused, 404, 'not_found');
    }
  });

  it('for a payment of another workspace, paid or not', async () => {
    const [shop, stranger] = [await newWorkspace(quiet), await newWorkspace(quiet)];
    const ids = [(await paidSession(stranger)).id, (await openSession(stranger)).id];
    for (const id of ids) {
      await expectRefusal({ workspace: shop }, () => askRefund(shop, id), 404, 'not_found');
    }
  });
});

describe('a refund is 409 payment_not_refundable', () => {
  it('for a session that is open, or has expired: as a payment it is still not shown', async () => {
    const shop = await newWorkspace(quiet);
    const open = (await openSession(shop)).id;
    const expired = await sessionWith(shop, 'expired');
    for (const [id, word] of [
      [open, 'not paid yet'],
      [expired, 'expired'],
    ] as const) {
      const refused = () => askRefund(shop, id, { amount_cents: 100 });
      const { error } = await expectRefusal({ workspace: shop }, refused, 409, 'payment_not_refundable');
      expect(error.message).toContain(word);
      await expectError(await call(shop.key, 'GET', `/payments/${id}`), 404, 'not_found');
    }
  });

  it.each(['processing', 'processing_failed'] as const)('while the payment is %s', async (outcome) => {
    const shop = await newWorkspace(quiet);
    const id = await sessionWith(shop, outcome);
    const refused = () => askRefund(shop, id, { amount_cents: 100 });
    const { error } = await expectRefusal({ workspace: shop }, refused, 409, 'payment_not_refundable');
    expect(error.message).toContain(outcome === 'processing' ? 'processing' : 'failed');
  });

  it('where nothing is left, with and without an amount', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await expectRefund(await askRefund(shop, payment.id));
    for (const body of [{}, { amount_cents: 1 }, { amount_cents: 4999 }]) {
      const refused = () => askRefund(shop, payment.id, body);
      const { error } = await expectRefusal({ workspace: shop }, refused, 409, 'payment_not_refundable');
      expect(error.message).toContain('Nothing is left');
    }
  });

  it('where all was refunded at Stripe, and its event has not arrived yet', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await dashboardRefund(shop, payment);
    await expectError(await askRefund(shop, payment.id), 409, 'payment_not_refundable');
    expect(await refundRows(shop)).toEqual([]);
  });
});

describe('a refund is 400 invalid_amount', () => {
  it('for more than is left, which it names; pending refunds count as given back', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const first = await expectRefund(await askRefund(shop, payment.id, { amount_cents: 3000 }));
    await shop.binding.prepare("UPDATE refunds SET status = 'pending' WHERE id = ?").bind(first.id).run();
    for (const amount_cents of [2000, 4999, 99_999_999]) {
      const refused = () => askRefund(shop, payment.id, { amount_cents });
      const { error } = await expectRefusal({ workspace: shop }, refused, 400, 'invalid_amount');
      expect(error.details).toEqual([
        { path: 'amount_cents', code: 'invalid_amount', message: expect.stringContaining('1999 (19.99 GBP)') },
      ]);
    }
    await expectRefund(await askRefund(shop, payment.id, { amount_cents: 1999 }));
    const refused = () => askRefund(shop, payment.id, { amount_cents: 1 });
    await expectRefusal({ workspace: shop }, refused, 409, 'payment_not_refundable');
  });

  it('for more than Stripe says is left, where we do not know of it yet', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await dashboardRefund(shop, payment, 3000);
    await expectError(await askRefund(shop, payment.id, { amount_cents: 2000 }), 400, 'invalid_amount');
    expect((await stripeRefunds(shop, payment)).map(({ amount }) => amount)).toEqual([3000]);
  });

  it('for a value that is not a positive integer of minor units', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    const hostile = ['0', '-1', '-0', '1.5', '1e999', '"100"', 'true', '[]', '{}', '9007199254740993', '100000000'];
    for (const amount of hostile) {
      const refused = () => askRefund(shop, id, `{"amount_cents":${amount}}`);
      const { error } = await expectRefusal({ workspace: shop }, refused, 400, 'invalid_amount');
      expect([amount, error.details?.map(({ path }) => path)]).toEqual([amount, ['amount_cents']]);
    }
  });

  it('for an amount in major units: ignoring it would give all back', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    for (const body of [{ amount: 10 }, { amount: 10, amount_cents: 1000 }]) {
      const { error } = await expectRefusal(
        { workspace: shop },
        () => askRefund(shop, id, body),
        400,
        'invalid_amount',
      );
      expect(error.details).toMatchObject([{ path: 'amount', message: expect.stringContaining('amount_cents') }]);
    }
  });
});

describe('a refund is 400 validation_failed', () => {
  it('for a reason that is not a text of up to 250 characters', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    for (const reason of ['x'.repeat(251), '🙁'.repeat(251), 7, true, [], {}, 'a\u0000b', 'two\nlines', 'a\u202eb']) {
      const refused = () => askRefund(shop, id, { reason });
      const { error } = await expectRefusal({ workspace: shop }, refused, 400, 'validation_failed');
      expect(error.details).toMatchObject([{ path: 'reason', message: expect.stringContaining('reason') }]);
    }
  });

  it('names all faults at once, the amount first', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    const refused = () => askRefund(shop, id, { amount_cents: 0, amount: 1, reason: 7 });
    const { error } = await expectRefusal({ workspace: shop }, refused, 400, 'invalid_amount');
    expect(error.details?.map(({ path }) => path)).toEqual(['amount_cents', 'amount', 'reason']);
  });
});

describe('a refund is 409 CONNECT_ACCOUNT_NOT_READY', () => {
  it('once its owner has taken our access away, before Stripe is asked', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, {});
    await sendAll(await heldEvents(shop, 'account.application.deauthorized'));
    await expectRefusal({ workspace: shop }, () => askRefund(shop, id), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await refundRequests(shop)).toEqual([]);
  });

  it('where Stripe no longer lets us act for the account', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    stripeOf(async () =>
      stripeErrorAnswer({ status: 403, type: 'invalid_request_error', code: 'account_invalid', message: 'No access' }),
    );
    await expectError(await askRefund(shop, id), 409, 'CONNECT_ACCOUNT_NOT_READY');
  });
});

describe("Stripe's refusal of a refund", () => {
  const REFUSALS: readonly (readonly [StripeError, number, string])[] = [
    [{ status: 400, code: 'charge_already_refunded' }, 409, 'payment_not_refundable'],
    [{ status: 400, code: 'charge_disputed' }, 409, 'payment_not_refundable'],
    [{ status: 400, code: 'refund_disputed_payment' }, 409, 'payment_not_refundable'],
    [{ status: 400, code: 'charge_not_refundable' }, 409, 'payment_not_refundable'],
    [{ status: 400, code: 'balance_insufficient' }, 409, 'payment_not_refundable'],
    [
      { status: 400, message: 'This PaymentIntent (pi_1) does not have a successful charge to refund.' },
      409,
      'payment_not_refundable',
    ],
    [
      { status: 400, message: 'Refund amount ($20.00) is greater than unrefunded amount on charge ($5.00)' },
      400,
      'invalid_amount',
    ],
    [{ status: 400, code: 'parameter_unknown' }, 502, 'stripe_error'],
    [{ status: 401 }, 502, 'stripe_error'],
  ];

  it.each(REFUSALS)('%j is %d %s, and frees the key', async (refusal, status, code) => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    stripeOf(async () => stripeErrorAnswer(refusal));
    const error = await expectError(await askRefund(shop, payment.id, {}, { key: 'k' }), status, code);
    expect(error.message).not.toContain('pi_1');
    vi.restoreAllMocks();
    const other = await askRefund(shop, payment.id, { amount_cents: 100 }, { key: 'k' });
    expect(await expectRefund(other)).toMatchObject({ amount_cents: 100 });
  });

  it('for lack of funds says so', async () => {
    const shop = await newWorkspace(quiet);
    const { id } = await paidSession(shop);
    stripeOf(async () => stripeErrorAnswer({ status: 400, code: 'balance_insufficient' }));
    const error = await expectError(await askRefund(shop, id), 409, 'payment_not_refundable');
    expect(error.message).toContain('balance');
  });

  it('with an answer that is not a refund leaves the outcome open: the retry finds it', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    stripeOf(async (request, real) => {
      const answer = await real(request);
      return request.method === 'POST' ? Response.json({ id: 're_1' }) : answer;
    });
    const response = await askRefund(shop, payment.id, {}, { key: 'k' });
    expect(response.status).toBeGreaterThanOrEqual(500);
    vi.restoreAllMocks();
    await expectRefund(await askRefund(shop, payment.id, {}, { key: 'k' }));
    expect(await stripeRefunds(shop, payment)).toHaveLength(1);
    expect(await refundRequests(shop)).toHaveLength(1);
  });
});

describe('a payment of an account that was replaced', () => {
  it('is refunded on the account that took it', async () => {
    const [shop, other] = [await newWorkspace(quiet), await newWorkspace(quiet)];
    const payment = await paidSession(shop);
    await other.binding.prepare('DELETE FROM connected_accounts WHERE workspace_id = ?').bind(other.workspace.id).run();
    await shop.binding
      .prepare('UPDATE connected_accounts SET stripe_account_id = ?, disconnected_at = 1 WHERE workspace_id = ?')
      .bind(accountOf(other.account), shop.workspace.id)
      .run();
    expect(await expectRefund(await askRefund(shop, payment.id))).toMatchObject({ amount_cents: 4999 });
    expect(await stripeRefunds(shop, payment)).toHaveLength(1);
  });
});
