import * as z from 'zod';
import type { Evidence } from './evidence.ts';
import type { Accepted } from './receivers.ts';

const eventBody = z.object({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({
    payment_id: z.int().optional(),
    refund_id: z.string().optional(),
    amount_cents: z.int().optional(),
  }),
});

/** An event whose body has been read. */
interface ReadEvent {
  readonly workspaceId: string;
  readonly id: string;
  readonly type: string;
  readonly paymentId: number | null;
  readonly refundId: string | null;
  readonly amount: number;
  readonly body: string;
}

/**
 * Compares the Worker's rows, its webhooks and its answers with what happened at Stripe. Returns one sentence for each
 * thing that is wrong; an empty list: all of it agrees.
 */
export function judge(evidence: Evidence): string[] {
  const events = evidence.rows.events.map(readEvent);
  return [
    ...judgePlaces(evidence),
    ...judgeOperations(evidence),
    ...judgeRepeated(evidence),
    ...judgePayments(evidence, events),
    ...judgeRefunds(evidence, events),
    ...judgeDeliveries(evidence, events),
    ...judgeLimits(evidence),
  ];
}

function readEvent({ workspaceId, body }: Evidence['rows']['events'][number]): ReadEvent {
  const { id, type, data } = eventBody.parse(JSON.parse(body));
  const { payment_id: paymentId = null, refund_id: refundId = null, amount_cents: amount = 0 } = data;
  return { workspaceId, id, type, paymentId, refundId, amount, body };
}

/** No workspace has rows in two databases. */
function judgePlaces({ rows }: Evidence): string[] {
  return twice(rows.places.map(({ workspaceId: key, database: id }) => ({ key, id }))).map(
    ([workspace, databases]) => `Workspace ${workspace} has rows in ${databases.join(' and ')}.`,
  );
}

/**
 * One operation is one session at Stripe that can be or was paid, and one order is one operation. A session that expired
 * before its merchant had an answer may be followed by another one.
 */
function judgeOperations({ ledger, rows }: Evidence): string[] {
  const sessions = [...ledger.sessions.values()]
    .map(({ object }) => object)
    .filter(({ status }) => status !== 'expired');
  const references = sessions.flatMap(({ id, metadata }) => {
    const reference = metadata?.softsolz_reference;
    return reference?.startsWith('order-') ? [{ key: reference, id }] : [];
  });
  return [
    ...twice(sessions.map(({ client_reference_id: key, id }) => ({ key: key ?? 'none', id }))).map(
      ([operation, ids]) => `Operation ${operation} has ${ids.length} sessions at Stripe: ${ids.join(', ')}.`,
    ),
    ...twice(references).map(([order, ids]) => `${order} has ${ids.length} sessions at Stripe: ${ids.join(', ')}.`),
    ...twice(rows.payments.map(({ stripeSessionId: key, id }) => ({ key, id: String(id) }))).map(
      ([session, ids]) => `Session ${session} has ${ids.length} rows: ${ids.join(', ')}.`,
    ),
  ];
}

/** A request that was sent again got the same answer, to the byte. */
function judgeRepeated({ repeated }: Evidence): string[] {
  return repeated.flatMap(({ name, answers }) => {
    const different = new Set(answers.map(({ status, body }) => `${status} ${body}`));
    return different.size > 1 ? [`${name} was answered in ${different.size} ways: ${[...different].join(' | ')}`] : [];
  });
}

/** Paid at Stripe ⇔ one succeeded row with the same amount ⇔ one event. */
function judgePayments({ ledger, rows }: Evidence, events: readonly ReadEvent[]): string[] {
  const faults: string[] = [];
  const rowOf = new Map(rows.payments.map((row) => [row.stripeSessionId, row]));
  for (const { object } of ledger.sessions.values()) {
    const row = rowOf.get(object.id);
    const isPaid = object.payment_status === 'paid';
    if (!row) {
      if (object.status === 'complete') faults.push(`${object.id} is complete at Stripe and has no row.`);
      continue;
    }
    if (isPaid !== (row.status === 'succeeded')) {
      faults.push(`${object.id} is ${object.payment_status} at Stripe, and its row ${row.id} is ${row.status}.`);
    }
    if (row.amountMinor !== object.amount_total || row.currency !== object.currency?.toUpperCase()) {
      faults.push(`${object.id} is ${object.amount_total} ${object.currency} at Stripe, its row ${row.amountMinor}.`);
    }
    const told = events.filter(({ type, paymentId }) => type === 'payments.payment.succeeded' && paymentId === row.id);
    if (told.length !== (isPaid ? 1 : 0)) {
      faults.push(`${object.id} is ${object.payment_status} at Stripe and has ${told.length} succeeded events.`);
    }
    if (told.some(({ amount }) => amount !== object.amount_total)) {
      faults.push(`The event of ${object.id} has another amount than Stripe.`);
    }
  }
  for (const row of rows.payments) {
    if (!ledger.sessions.has(row.stripeSessionId)) faults.push(`Row ${row.id} has no session at Stripe.`);
  }
  return faults;
}

/** Each refund at Stripe has one row with its status, and the events say of each what became of it. */
function judgeRefunds({ ledger, rows }: Evidence, events: readonly ReadEvent[]): string[] {
  const refunds = [...ledger.refunds.values()].map(({ object }) => object);
  const rowOf = new Map(rows.refunds.map((row) => [row.stripeRefundId, row]));
  const byOperation = refunds.flatMap(({ id, metadata }) => {
    const key = metadata?.softsolz_operation;
    return key === undefined ? [] : [{ key, id }];
  });
  return [
    ...refunds.flatMap((refund) => {
      const row = rowOf.get(refund.id);
      if (!row) return [`Refund ${refund.id} has no row.`];
      const isSame = row.status === refund.status && row.amountMinor === refund.amount;
      const difference = `${refund.status} ${refund.amount}, its row ${row.status} ${row.amountMinor}`;
      return isSame ? [] : [`Refund ${refund.id} is ${difference}.`];
    }),
    ...refunds.flatMap(({ id, status }) => judgeRefundEvents(id, status, events)),
    ...twice(byOperation).map(
      ([operation, ids]) => `Operation ${operation} made ${ids.length} refunds: ${ids.join(', ')}.`,
    ),
    ...judgeRefundSums(refunds, events),
  ];
}

/** A refund that was made is reported once, one that failed or was canceled is reported as failed once. */
function judgeRefundEvents(id: string, status: string | null, events: readonly ReadEvent[]): string[] {
  const count = (type: string) => events.filter((event) => event.type === type && event.refundId === id).length;
  const made = count('payments.payment.refunded');
  const failed = count('payments.refund.failed');
  const hasFailed = status === 'failed' || status === 'canceled';
  const isRight = hasFailed ? made <= 1 && failed === 1 : made === (status === 'succeeded' ? 1 : 0) && failed === 0;
  return isRight ? [] : [`Refund ${id} is ${status}; ${made} events say that it was made, ${failed} that it failed.`];
}

/** What the events report as given back, less what came back after that, is what Stripe has given back. */
function judgeRefundSums(
  refunds: readonly { readonly status: string | null; readonly amount: number }[],
  events: readonly ReadEvent[],
): string[] {
  const made = events.filter(({ type }) => type === 'payments.payment.refunded');
  const cameBack = events.filter(
    ({ type, refundId }) => type === 'payments.refund.failed' && made.some((event) => event.refundId === refundId),
  );
  const reported = sum(made.map(({ amount }) => amount)) - sum(cameBack.map(({ amount }) => amount));
  const given = sum(refunds.flatMap(({ status, amount }) => (status === 'succeeded' ? [amount] : [])));
  return reported === given ? [] : [`Events report refunds of ${reported}, and Stripe has given back ${given}.`];
}

/** Each event reached each receiver of its shop, and no other shop, always with the same bytes. */
function judgeDeliveries({ rows, accepted, receivers }: Evidence, events: readonly ReadEvent[]): string[] {
  const faults: string[] = [];
  const receivedBy = (receiver: string): Map<string, Accepted[]> =>
    Map.groupBy(
      accepted.filter((one) => one.receiver === receiver),
      ({ headers }) => headers['webhook-id'] ?? '',
    );
  for (const { name: receiver, workspaceId } of receivers) {
    const received = receivedBy(receiver);
    const own = events.filter((event) => event.workspaceId === workspaceId);
    for (const { id, body } of own) {
      const bodies = received.get(id)?.map((one) => one.body) ?? [];
      if (bodies.length === 0) faults.push(`${id} has not reached ${receiver}.`);
      if (bodies.some((one) => one !== body)) faults.push(`${id} reached ${receiver} with another body.`);
    }
    const known = new Set(own.map(({ id }) => id));
    for (const id of received.keys())
      if (!known.has(id)) faults.push(`${receiver} got ${id}, which is no event of its shop.`);
  }
  const open = rows.deliveries.filter(({ status }) => status !== 'succeeded');
  return [...faults, ...open.map(({ id, status }) => `Delivery ${id} is ${status}.`)];
}

/** A link with a limit was not paid more often. */
function judgeLimits({ ledger, limits }: Evidence): string[] {
  const paid = [...ledger.sessions.values()].filter(
    ({ object }) => object.status === 'complete' && object.payment_status === 'paid',
  );
  return limits.flatMap(({ token, maxPayments }) => {
    const times = paid.filter(({ object }) => object.metadata?.softsolz_payment_link === token).length;
    return times > maxPayments ? [`The link for ${maxPayments} payments was paid ${times} times.`] : [];
  });
}

/** The keys that more than one entry has, with the ids of their entries. */
function twice(entries: readonly { readonly key: string; readonly id: string }[]): [string, string[]][] {
  return [...Map.groupBy(entries, ({ key }) => key)]
    .filter(([, group]) => group.length > 1)
    .map(([key, group]) => [key, group.map(({ id }) => id)]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
