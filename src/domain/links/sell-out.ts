import { auditIfChangedStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { outboxIfChangedStatements, queuedIn } from '../../db/outbox.ts';
import { markSoldOutStatement, maxPaymentsOf, type PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent, soldOutData } from '../webhooks/event-data.ts';

/**
 * Statements for the batch that stores a payment, after those of the payment. Where it is the last one of its link, they
 * mark the link as sold out and write the event `payments.link.exhausted`. The limit is the one that the link has then:
 * it may have been set after the payment was read. Empty if the payment has no link.
 */
export async function composeSoldOut(context: Context, payment: PaymentView): Promise<readonly Statement[]> {
  const { paymentLinkToken: token, paymentLinkTitle: title } = payment;
  return token === null || title === null ? [] : await compose(context, { token, title });
}

/**
 * Marks a link as sold out and queues the event about that, if the link has taken all its payments by now and is not marked.
 * Does nothing where `link` is marked already.
 */
export async function markSoldOut(context: Context, link: PaymentLink): Promise<void> {
  if (link.soldOutAt !== null) return;
  const results = await context.database.batch(await compose(context, link));
  await context.wake(queuedIn(results));
}

/** The event has a random id, because a link may be sold out again, after its limit was changed. */
async function compose(
  context: Context,
  link: Pick<PaymentLink, 'token' | 'title'>,
): Promise<readonly [Statement, ...Statement[]]> {
  const { database, workspace } = context;
  const event = await composeEvent(context, {
    type: 'payments.link.exhausted',
    subject: null,
    paymentId: null,
    // SQL puts the limit in its place.
    data: soldOutData({ ...link, maxPayments: 0 }),
  });
  const owned = { token: link.token, workspaceId: workspace.id };
  const limit = { path: '$.data.max_payments', value: maxPaymentsOf(owned) };
  return [
    markSoldOutStatement(database, owned, context.now()),
    auditIfChangedStatement(database, auditOf(context, 'payment_link.sold_out', link.token)),
    ...outboxIfChangedStatements(database, event, limit),
  ];
}
