import * as z from 'zod/mini';
import { ApiError } from '../../src/core/errors.ts';
import { minorToDecimal } from '../../src/core/money/money.ts';
import { parseRowCursor, type RowPageRequest, type TimePageRequest } from '../../src/core/paging.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { listDeliveries } from '../../src/db/deliveries.ts';
import { listEvents } from '../../src/db/event-lists.ts';
import { listAuditLog, listRefunds, type StoredAuditEntry } from '../../src/db/operator-lists.ts';
import { listPaymentLinks } from '../../src/db/payment-links.ts';
import { listPayments } from '../../src/db/payment-lists.ts';
import { REFUND_STATUSES } from '../../src/db/schema.ts';
import { listWebhookEndpoints } from '../../src/db/webhook-endpoints.ts';
import { presentDelivery } from '../../src/http/api/deliveries/responses.ts';
import { listEventsQuery, paymentIdFilter } from '../../src/http/api/events/requests.ts';
import { presentEvent } from '../../src/http/api/events/responses.ts';
import { listQuery, pageRequestOf } from '../../src/http/api/paging.ts';
import { listLinksQuery } from '../../src/http/api/payment-links/requests.ts';
import { presentLink } from '../../src/http/api/payment-links/responses.ts';
import { listPaymentsQuery } from '../../src/http/api/payments/requests.ts';
import { presentPayment, presentRefund } from '../../src/http/api/payments/responses.ts';
import { listDeliveriesQuery, listEndpointsQuery } from '../../src/http/api/webhook-endpoints/requests.ts';
import { presentWebhookEndpoint } from '../../src/http/api/webhook-endpoints/responses.ts';
import { type Command, parameter } from './command.ts';
import { listCommand } from './list-command.ts';

const refundsQuery = listQuery(parseRowCursor, {
  payment_id: paymentIdFilter('Only refunds of this payment.'),
  status: z.optional(z.enum(REFUND_STATUSES, `status must be one of ${REFUND_STATUSES.join(', ')}.`)),
});
const listRefundsQuery = z.pipe(
  refundsQuery,
  z.transform((sent: z.output<typeof refundsQuery>) => ({
    filter: { paymentId: sent.payment_id ?? null, status: sent.status ?? null },
    page: pageRequestOf(sent),
  })),
);

const auditQuery = listQuery(parseRowCursor, { object: z.optional(z.string()) });
const listAuditQuery = z.pipe(
  auditQuery,
  z.transform((sent: z.output<typeof auditQuery>) => ({
    filter: { object: sent.object ?? null },
    page: pageRequestOf(sent),
  })),
);

const byRow = z.transform((page: RowPageRequest) => ({ filter: null, page }));
const byTime = z.transform((page: TimePageRequest) => ({ filter: null, page }));

const money = (minor: number, currency: string) => `${minorToDecimal(minor, currency)} ${currency}`;

/** An entry of the audit log, as `--json` shows it. */
function presentAudit({ id, at, actor, action, object, requestId, address }: StoredAuditEntry) {
  return { id, at: toRfc3339(at), actor, action, object, request_id: requestId, address };
}

const envelope = z.looseObject({ id: z.string(), type: z.string(), created_at: z.string(), data: z.looseObject({}) });

const paymentList = listCommand({
  words: 'payment list',
  filters: ['status', 'payment-link', 'reference', 'customer-email', 'created-after', 'created-before'],
  summary: 'Lists the payments of a workspace, newest first.',
  example: '--status failed --limit 20',
  query: listPaymentsQuery,
  read: ({ database, shard, workspace }, { filter, page }) =>
    listPayments(database, { workspaceId: workspace.id, shard }, filter, page),
  present: presentPayment,
  columns: [
    ['id', ({ id }) => String(id)],
    ['created', (payment) => payment.created_at],
    ['status', ({ status }) => status],
    ['amount', (payment) => money(payment.amount_cents, payment.currency), 18],
    ['reference', ({ reference }) => reference, 20],
  ],
});

const refundList = listCommand({
  words: 'refund list',
  filters: ['payment-id', 'status'],
  summary: 'Lists the refunds of a workspace, newest first.',
  example: '--status failed',
  query: listRefundsQuery,
  read: (context, { filter, page }) => listRefunds(context.database, context.workspace.id, filter, page),
  present: presentRefund,
  columns: [
    ['id', ({ id }) => String(id)],
    ['created', (refund) => refund.created_at],
    ['status', ({ status }) => status],
    ['amount', (refund) => money(refund.amount_cents, refund.currency), 18],
    ['payment', (refund) => String(refund.payment_id)],
  ],
});

const linkList = listCommand({
  words: 'link list',
  filters: [],
  summary: 'Lists the payment links of a workspace, newest first.',
  example: '--limit 20',
  query: z.pipe(listLinksQuery, byRow),
  read: (context, { page }) => listPaymentLinks(context.database, context.workspace.id, page),
  present: (link, context) => presentLink(context.publicUrl, link),
  columns: [
    ['id', ({ id }) => id],
    ['created', (link) => link.created_at],
    ['active', ({ active }) => (active ? 'yes' : 'no')],
    [
      'price',
      (link) => (link.amount_cents === null ? `open ${link.currency}` : money(link.amount_cents, link.currency)),
      18,
    ],
    ['title', ({ title }) => title, 22],
  ],
});

const endpointList = listCommand({
  words: 'endpoint list',
  filters: [],
  summary: 'Lists the webhook endpoints of a workspace, newest first.',
  example: '',
  query: z.pipe(listEndpointsQuery, byTime),
  read: (context, { page }) => listWebhookEndpoints(context.database, context.workspace.id, page),
  present: presentWebhookEndpoint,
  columns: [
    ['id', ({ id }) => id],
    ['status', ({ status }) => status],
    ['events', ({ events }) => (events.length === 1 ? (events[0] ?? '') : `${events.length} types`), 30],
  ],
  idsOf: ({ url }) => [url],
});

const deliveryList = listCommand({
  words: 'delivery list',
  parameters: ['<we_…>'],
  filters: ['status', 'created-after', 'created-before'],
  summary: 'Lists the deliveries to a webhook endpoint, newest first.',
  example: 'we_0f3c2a1b9d4e5f60718293a4b5c --status failed',
  query: listDeliveriesQuery,
  read: async (context, { filter, page }, input) => {
    const endpointId = parameter(input, 1);
    const listed = await listDeliveries(context.database, context.workspace.id, endpointId, filter, page);
    if (!listed)
      throw new ApiError('not_found', `This workspace has no webhook endpoint ${endpointId}. See \`endpoint list\`.`);
    return listed;
  },
  present: presentDelivery,
  columns: [
    ['created', (delivery) => delivery.created_at],
    ['status', ({ status }) => status],
    ['event', (delivery) => delivery.event_type, 34],
    ['tries', ({ attempts }) => String(attempts.length)],
    ['last answer', ({ attempts }) => lastAnswerOf(attempts), 24],
  ],
  idsOf: ({ id }) => [id],
});

function lastAnswerOf(attempts: ReturnType<typeof presentDelivery>['attempts']): string {
  const last = attempts.at(-1);
  return last ? String(last.status_code ?? last.error ?? '') : '';
}

const eventList = listCommand({
  words: 'event list',
  filters: ['type', 'payment-id', 'created-after', 'created-before'],
  summary: 'Lists the events of a workspace, newest first, as its endpoints receive them.',
  example: '--type payments.payment.succeeded',
  query: listEventsQuery,
  read: (context, { filter, page }) => listEvents(context.database, context.workspace.id, filter, page),
  present: (event) => envelope.parse(presentEvent(event)),
  columns: [
    ['id', ({ id }) => id],
    ['created', (event) => event.created_at],
    ['type', ({ type }) => type, 38],
  ],
});

const auditList = listCommand({
  words: 'audit list',
  filters: ['object'],
  summary: 'Lists who has changed what in a workspace, newest first.',
  details:
    'A page looks through the latest 100,000 entries of all workspaces. It can be empty and still name a cursor with ' +
    'which to look further back.',
  example: '--object lnk_08f3c2a1b9d4e5f607182',
  query: listAuditQuery,
  read: (context, { filter, page }) => listAuditLog(context.database, context.workspace.id, filter, page),
  present: presentAudit,
  columns: [
    ['at', ({ at }) => at],
    ['action', ({ action }) => action, 28],
    ['actor', ({ actor }) => actor],
  ],
  idsOf: ({ object }) => [object],
});

export const listCommands: readonly Command[] = [
  paymentList,
  refundList,
  linkList,
  endpointList,
  deliveryList,
  eventList,
  auditList,
];
