import { auditIfChangedStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { outboxIfChangedStatements, queuedIn } from '../../db/outbox.ts';
import { findPaymentLink, markSoldOutStatement, type PaymentLink } from '../../db/payment-links.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent, soldOutData } from '../webhooks/event-data.ts';

/**
 * Statements for the batch that stores a link's last payment. They mark the link as sold out and write the event
 * `payments.link.exhausted`; for a link that is marked already they do nothing. Empty if the limit of the link is no
 * longer `paid.maxPayments`.
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

/** Marks a link as sold out and queues the event about that, unless the link is marked already or has no limit. */
export async function markSoldOut(context: Context, link: PaymentLink): Promise<void> {
  const { maxPayments, soldOutAt } = link;
  if (maxPayments === null || soldOutAt !== null) return;
  const results = await context.database.batch(await compose(context, { ...link, maxPayments }));
  await context.wake(queuedIn(results));
}

/** The event has a random id, because a link may be sold out again, after its limit was changed. */
async function compose(
  context: Context,
  link: PaymentLink & { readonly maxPayments: number },
): Promise<readonly [Statement, ...Statement[]]> {
  const { database } = context;
  const event = await composeEvent(context, {
    type: 'payments.link.exhausted',
    subject: null,
    paymentId: null,
    data: soldOutData(link),
  });
  return [
    markSoldOutStatement(database, link, context.now()),
    auditIfChangedStatement(database, auditOf(context, 'payment_link.sold_out', link.token)),
    ...outboxIfChangedStatements(database, event),
  ];
}
