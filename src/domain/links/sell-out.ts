import { auditIfChangedStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { outboxIfChangedStatements, queuedIn } from '../../db/outbox.ts';
import { findPaymentLink, markSoldOutStatement, type PaymentLink } from '../../db/payment-links.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent, soldOutData } from '../webhooks/event-data.ts';

/**
 * Statements for the batch of a link's last payment: the link is marked as sold out and, only if it was not before, the event
 * `payments.link.exhausted` is queued. Empty where the link has another limit by now.
 */
export async function composeSoldOut(
  context: Context,
  paid: { readonly paymentLinkToken: string | null; readonly maxPayments: number | null },
): Promise<readonly Statement[]> {
  const { paymentLinkToken: token, maxPayments } = paid;
  const link = token === null ? null : await findPaymentLink(context.database, context.workspace.id, token);
  return link && maxPayments !== null && link.maxPayments === maxPayments
    ? await compose(context, { ...link, maxPayments })
    : [];
}

/** Marks a link as sold out, if it is not yet, and queues the event about it. Repeatable. */
export async function markSoldOut(context: Context, link: PaymentLink): Promise<void> {
  const { maxPayments, soldOutAt } = link;
  if (maxPayments === null || soldOutAt !== null) return;
  const results = await context.database.batch(await compose(context, { ...link, maxPayments }));
  await context.wake(queuedIn(results));
}

/** One event for each link and limit: a link whose limit is raised may be sold out again. */
async function compose(
  context: Context,
  link: PaymentLink & { readonly maxPayments: number },
): Promise<readonly [Statement, ...Statement[]]> {
  const { database } = context;
  const event = await composeEvent(context, {
    type: 'payments.link.exhausted',
    subject: `${link.token}:${link.maxPayments}`,
    paymentId: null,
    data: soldOutData(link),
  });
  return [
    markSoldOutStatement(database, link, context.now()),
    auditIfChangedStatement(database, auditOf(context, 'payment_link.sold_out', link.token)),
    ...outboxIfChangedStatements(database, event),
  ];
}
