import { auditIfChangedStatement } from '../../db/audit-log.ts';
import type { Statement } from '../../db/client.ts';
import { outboxIfChangedStatements } from '../../db/events.ts';
import { findPaymentLink, markSoldOutStatement, type PaymentLink } from '../../db/payment-links.ts';
import { listWorkspaceEndpoints, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../context.ts';
import { type ComposedEvent, composeEvent, deliveryIdsOf } from '../webhooks/compose-event.ts';
import type { LinkExhaustedData } from '../webhooks/event-schemas.ts';

/** For one batch: the link is marked, and only where the mark is set now, `payments.link.exhausted` is told. */
export interface SoldOut {
  readonly statements: readonly [Statement, ...Statement[]];
  readonly told: ComposedEvent;
}

/** What the last payment of a link adds to its own batch; null where the link takes another number of payments by now. */
export async function composeSoldOut(
  context: Context,
  paid: { readonly paymentLinkToken: string | null; readonly maxPayments: number | null },
  endpoints: readonly WebhookEndpoint[],
): Promise<SoldOut | null> {
  const { paymentLinkToken: token, maxPayments } = paid;
  const link = token === null ? null : await findPaymentLink(context.database, context.workspace.id, token);
  return link && maxPayments !== null && link.maxPayments === maxPayments
    ? await compose(context, { ...link, maxPayments }, endpoints)
    : null;
}

/** Notes that all payments of a link are made, where that is not noted yet, and tells it. Repeatable. */
export async function noteSoldOut(context: Context, link: PaymentLink): Promise<void> {
  const { maxPayments, soldOutAt } = link;
  if (maxPayments === null || soldOutAt !== null) return;
  const endpoints = await listWorkspaceEndpoints(context.database, context.workspace.id);
  const { statements, told } = await compose(context, { ...link, maxPayments }, endpoints);
  await context.database.batch(statements);
  await context.wake(deliveryIdsOf([told]));
}

/** One event per link and limit: a link with a higher limit may sell out again. */
async function compose(
  context: Context,
  link: PaymentLink & { readonly maxPayments: number },
  endpoints: readonly WebhookEndpoint[],
): Promise<SoldOut> {
  const { database } = context;
  const data: LinkExhaustedData = {
    payment_link_id: link.token,
    title: link.title,
    max_payments: link.maxPayments,
  };
  const told = await composeEvent(context, endpoints, {
    type: 'payments.link.exhausted',
    subject: `${link.token}:${link.maxPayments}`,
    paymentId: null,
    data,
  });
  const statements: SoldOut['statements'] = [
    markSoldOutStatement(database, link, context.now()),
    auditIfChangedStatement(database, auditOf(context, 'payment_link.sold_out', link.token)),
    ...outboxIfChangedStatements(database, told.event, told.deliveries),
  ];
  return { statements, told };
}
