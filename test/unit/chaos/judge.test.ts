import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../chaos/evidence.ts';
import { judge } from '../../chaos/judge.ts';
import { emptyState, readSnapshot } from '../../stripe-simulator/state.ts';

const EVENT = eventOf('evt_paid', 'payments.payment.succeeded', 4999);
const REFUNDED = refundEvent('evt_refunded', 'payments.payment.refunded');
const FAILED = refundEvent('evt_failed', 'payments.refund.failed');

function eventOf(id: string, type: string, amount: number): string {
  return JSON.stringify({ id, type, data: { payment_id: 7, amount_cents: amount } });
}

function refundEvent(id: string, type: string): string {
  return JSON.stringify({ id, type, data: { payment_id: 7, refund_id: 're_1', amount_cents: 1000 } });
}

interface SessionFacts {
  readonly id?: string;
  readonly operation?: string;
  readonly reference?: string;
  readonly status?: string;
  readonly paymentStatus?: string;
  readonly amount?: number;
  readonly link?: string;
}

function sessionOf({ id = 'cs_1', operation = 'op_1', ...facts }: SessionFacts = {}): [string, unknown] {
  const { reference = 'order-1', status = 'complete', paymentStatus = 'paid', amount = 4999, link } = facts;
  const object = {
    id,
    object: 'checkout.session',
    client_reference_id: operation,
    metadata: { softsolz_reference: reference, ...(link === undefined ? {} : { softsolz_payment_link: link }) },
    status,
    payment_status: paymentStatus,
    amount_total: amount,
    currency: 'gbp',
  };
  const intentData = { description: null, receiptEmail: null, metadata: {} };
  const rest = { lineItems: [], intentData, paymentIntentId: null, settleAtMs: null };
  return [id, { livemode: false, account: 'acct_1', object, ...rest }];
}

function refundOf(id: string, operation: string, amount = 1000, status = 'succeeded'): [string, unknown] {
  const object = { id, object: 'refund', amount, status, metadata: { softsolz_operation: operation } };
  return [id, { livemode: false, account: 'acct_1', object }];
}

function ledgerOf(sessions: [string, unknown][], refunds: [string, unknown][]): Evidence['ledger'] {
  return readSnapshot(JSON.stringify({ ...emptyState(), ...{ sessions, refunds } }, onlyLists));
}

/** The maps of an empty state are written as empty lists. */
function onlyLists(_name: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

const SHOP = 'workspace-1';
const OTHER_SHOP = 'workspace-2';
const PAYMENT = {
  workspaceId: SHOP,
  id: 7,
  stripeSessionId: 'cs_1',
  status: 'succeeded',
  amountMinor: 4999,
  currency: 'GBP',
};
const REFUND = { stripeRefundId: 're_1', status: 'succeeded', amountMinor: 1000 };

/** A run in which everything is right: one order, paid, and refunded in part. */
const RIGHT: Evidence = {
  ledger: ledgerOf([sessionOf()], [refundOf('re_1', 'op_2')]),
  rows: {
    payments: [PAYMENT],
    refunds: [REFUND],
    events: [told(EVENT), told(REFUNDED)],
    deliveries: [
      { id: 'dlv_1', status: 'succeeded' },
      { id: 'dlv_2', status: 'succeeded' },
    ],
    places: [
      { workspaceId: SHOP, database: 'DB' },
      { workspaceId: OTHER_SHOP, database: 'DB_1' },
    ],
  },
  accepted: [EVENT, REFUNDED].map((body) => acceptedOf(body)),
  repeated: [{ name: 'order-1', answers: [answerOf('{"id":7}'), answerOf('{"id":7}')] }],
  receivers: [
    { name: 'books', workspaceId: SHOP },
    { name: 'others', workspaceId: OTHER_SHOP },
  ],
  limits: [
    { token: 'lnk_limited', maxPayments: 1 },
    { token: 'lnk_other', maxPayments: 9 },
  ],
};

function told(body: string) {
  return { workspaceId: SHOP, body };
}

function acceptedOf(body: string, receiver = 'books') {
  return { receiver, headers: { 'webhook-id': String(JSON.parse(body).id) }, body, at: 0 };
}

function answerOf(body: string) {
  return { status: 201, body };
}

function withRows(rows: Partial<Evidence['rows']>): Evidence {
  return { ...RIGHT, rows: { ...RIGHT.rows, ...rows } };
}

function withLedger(sessions: [string, unknown][], refunds = [refundOf('re_1', 'op_2')]): Evidence {
  return { ...RIGHT, ledger: ledgerOf(sessions, refunds) };
}

/** Each thing that can be wrong, and what the judge says of it. */
const WRONG: readonly [string, Evidence, RegExp][] = [
  [
    'an operation with two sessions at Stripe',
    withLedger([sessionOf(), sessionOf({ id: 'cs_2', reference: 'order-2', status: 'open', paymentStatus: 'unpaid' })]),
    /Operation op_1 has 2 sessions at Stripe: cs_1, cs_2/,
  ],
  [
    'an order with two operations',
    withLedger([sessionOf(), sessionOf({ id: 'cs_2', operation: 'op_9', status: 'open', paymentStatus: 'unpaid' })]),
    /order-1 has 2 sessions at Stripe/,
  ],
  [
    'two rows for one session',
    withRows({ payments: [PAYMENT, { ...PAYMENT, id: 8 }] }),
    /Session cs_1 has 2 rows: 7, 8/,
  ],
  [
    'another answer to the same request',
    { ...RIGHT, repeated: [{ name: 'order-1', answers: [answerOf('{"id":7}'), answerOf('{"id": 7}')] }] },
    /order-1 was answered in 2 ways/,
  ],
  ['a payment that got lost', withRows({ payments: [] }), /cs_1 is complete at Stripe and has no row/],
  [
    'a payment that is not settled',
    withRows({ payments: [{ ...PAYMENT, status: 'created' }] }),
    /cs_1 is paid at Stripe, and its row 7 is created/,
  ],
  [
    'a payment that never happened',
    withLedger([sessionOf({ status: 'open', paymentStatus: 'unpaid' })]),
    /cs_1 is unpaid at Stripe, and its row 7 is succeeded/,
  ],
  ['another amount', withRows({ payments: [{ ...PAYMENT, amountMinor: 4998 }] }), /its row 4998/],
  ['a payment without event', withRows({ events: [told(REFUNDED)] }), /has 0 succeeded events/],
  [
    'a payment with two events',
    withRows({ events: [...RIGHT.rows.events, told(eventOf('evt_again', 'payments.payment.succeeded', 4999))] }),
    /has 2 succeeded events/,
  ],
  [
    'an event with another amount',
    withRows({ events: [told(eventOf('evt_paid', 'payments.payment.succeeded', 1)), told(REFUNDED)] }),
    /The event of cs_1 has another amount/,
  ],
  [
    'a row without session',
    withRows({ payments: [PAYMENT, { ...PAYMENT, id: 8, stripeSessionId: 'cs_none', status: 'created' }] }),
    /Row 8 has no session at Stripe/,
  ],
  ['a refund without row', withRows({ refunds: [] }), /Refund re_1 has no row/],
  [
    'a refund with another status',
    withRows({ refunds: [{ ...REFUND, status: 'pending' }] }),
    /Refund re_1 is succeeded 1000, its row pending 1000/,
  ],
  [
    'an operation with two refunds',
    withLedger([sessionOf()], [refundOf('re_1', 'op_2'), refundOf('re_2', 'op_2')]),
    /Operation op_2 made 2 refunds/,
  ],
  [
    'a refund without event',
    withRows({ events: [told(EVENT)] }),
    /Refund re_1 is succeeded; 0 events say that it was made, 0 that it failed/,
  ],
  [
    'events that do not add up',
    withRows({ events: [told(EVENT)] }),
    /Events report refunds of 0, and Stripe has given back 1000/,
  ],
  [
    'a refund that failed and is not reported as failed',
    withLedger([sessionOf()], [refundOf('re_1', 'op_2', 1000, 'failed')]),
    /Refund re_1 is failed; 1 events say that it was made, 0 that it failed/,
  ],
  [
    'a refund that is reported as failed and has not failed',
    withRows({ events: [...RIGHT.rows.events, told(FAILED)] }),
    /Refund re_1 is succeeded; 1 events say that it was made, 1 that it failed/,
  ],
  ['an event that did not arrive', { ...RIGHT, accepted: [acceptedOf(EVENT)] }, /evt_refunded has not reached books/],
  [
    'an event that arrived with other bytes',
    { ...RIGHT, accepted: [...RIGHT.accepted, acceptedOf(EVENT.replace('4999', '4998'))] },
    /evt_paid reached books with another body/,
  ],
  [
    'a webhook of no event',
    { ...RIGHT, accepted: [...RIGHT.accepted, acceptedOf(eventOf('evt_none', 'payments.payment.succeeded', 1))] },
    /books got evt_none, which is no event/,
  ],
  [
    'a webhook that reached another shop',
    { ...RIGHT, accepted: [...RIGHT.accepted, acceptedOf(EVENT, 'others')] },
    /others got evt_paid, which is no event of its shop/,
  ],
  [
    'a workspace in two databases',
    withRows({ places: [...RIGHT.rows.places, { workspaceId: SHOP, database: 'DB_1' }] }),
    /Workspace workspace-1 has rows in DB and DB_1/,
  ],
  [
    'a delivery that is still open',
    withRows({ deliveries: [{ id: 'dlv_1', status: 'pending' }] }),
    /Delivery dlv_1 is pending/,
  ],
  [
    'a limited link that was paid too often',
    withLedger(['cs_1', 'cs_2'].map((id) => sessionOf({ id, operation: id, reference: id, link: 'lnk_limited' }))),
    /The link for 1 payments was paid 2 times/,
  ],
];

describe('the judge of a chaos run', () => {
  it('finds nothing where everything agrees', () => {
    expect(judge(RIGHT)).toEqual([]);
  });

  it('finds nothing where an earlier session of the operation has expired', () => {
    const expired = sessionOf({ id: 'cs_0', status: 'expired', paymentStatus: 'unpaid' });
    expect(judge(withLedger([expired, sessionOf()]))).toEqual([]);
  });

  it('finds nothing where a refund came back and everybody knows', () => {
    const evidence: Evidence = {
      ...RIGHT,
      ledger: ledgerOf([sessionOf()], [refundOf('re_1', 'op_2', 1000, 'failed')]),
      rows: {
        ...RIGHT.rows,
        refunds: [{ ...REFUND, status: 'failed' }],
        events: [...RIGHT.rows.events, told(FAILED)],
      },
      accepted: [...RIGHT.accepted, acceptedOf(FAILED)],
    };
    expect(judge(evidence)).toEqual([]);
  });

  it.each(WRONG)('finds %s', (_what, evidence, sentence) => {
    expect(judge(evidence)).toContainEqual(expect.stringMatching(sentence));
  });
});
