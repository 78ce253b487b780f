import { auditIfChangedStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { outboxIfChangedStatements, queuedIn } from '../../db/outbox.ts';
import { markSoldOutStatement, type PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import { auditOf, type Context } from '../context.ts';
import { composeEvent, soldOutData } from '../webhooks/event-data.ts';

/**
 * Statements for the batch that stores a payment, after those of the payment. Where it is the last one of its link, they
 * mark the link as sold out and write the event `payments.link.exhausted`. Empty if the link has no limit.
 */
export async function composeSoldOut(context: Context, payment: PaymentView): Promise<readonly Statement[]> {
  const { paymentLinkToken: token, paymentLinkTitle: title, maxPayments } = payment;
  if (token === null || title === null || maxPayments === null) return [];
  return await compose(context, { token, title, maxPayments });
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
  link: Pick<PaymentLink, 'token' | 'title'> & { readonly maxPayments: number },
): Promise<readonly [Statement, ...Statement[]]> {
  const { database, workspace } = context;
  const event = await composeEvent(context, {
    type: 'payments.link.exhausted',
    subject: null,
    paymentId: null,
    data: soldOutData(link),
  });
  return [
    markSoldOutStatement(database, { ...link, workspaceId: workspace.id }, context.now()),
    auditIfChangedStatement(database, auditOf(context, 'payment_link.sold_out', link.token)),
    ...outboxIfChangedStatements(database, event),
  ];
}
