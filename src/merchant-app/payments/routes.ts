import { type Context, Hono } from 'hono';
import { parseRowId } from '../../core/row-ids.ts';
import { listEvents } from '../../db/event-lists.ts';
import { listLinkChoices } from '../../db/payment-links.ts';
import { filterOfSearch, findPayments } from '../../domain/payments/find-payments.ts';
import { paymentAtStripe } from '../../domain/payments/payment-at-stripe.ts';
import { whyNotRefundable } from '../../domain/payments/refundable.ts';
import { readTimeline } from '../../domain/payments/timeline.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { localTime } from '../local-time.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { paymentsCsv } from './csv.ts';
import { paymentPage } from './detail-page.tsx';
import { type AskedPayments, askedPayments, OFFERED_LINKS } from './filter.ts';
import { paymentsPage } from './list-page.tsx';
import { refundRoutes } from './refund-routes.ts';

const PATH = `${WORKSPACE_PATH}/payments` as const;

const PAYMENTS_ON_A_PAGE = 25;

/** How many events of a payment the page shows with their JSON, the latest ones. Few payments have more. */
const EVENTS_WITH_JSON = 10;

/** The payments of a workspace, below /app: the list, its export, and one payment with its refund. */
export const paymentRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const clock = clockOf(c);
    const asked = askedPayments(c.req.query(), clock);
    const page = { limit: PAYMENTS_ON_A_PAGE, offset: 0, before: asked.cursor };
    const { context, config } = c.var;
    const [found, links] = await Promise.all([
      findPayments(context, asked.search, filterOf(asked), page),
      listLinkChoices(context.database, context.workspace.id, { token: asked.link, limit: OFFERED_LINKS }),
    ]);
    const { publicUrl } = config.service;
    return c.html(paymentsPage({ shell: shellOf(c), clock, publicUrl, asked, found, links }));
  })

  .get(`${PATH}/export.csv`, allowedTo('read'), async (c) => {
    const { context } = c.var;
    const clock = clockOf(c);
    const asked = askedPayments(c.req.query(), clock);
    const filter = await filterOfSearch(context, asked.search, filterOf(asked));
    const today = localTime(clock.now, clock.timeZone).slice(0, 10);
    const name = `payments-${context.workspace.mode}-${today}.csv`;
    return c.body(await paymentsCsv(context, filter), 200, {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  })

  .get(`${PATH}/:id`, allowedTo('read'), (c) => showPayment(c, parseRowId(c.req.param('id'))))

  .route('/', refundRoutes);

const filterOf = ({ status, link, after, before }: AskedPayments) => ({ status, paymentLink: link, after, before });

async function showPayment(c: Context<WorkspaceEnv>, id: number) {
  const { context } = c.var;
  const { database, workspace } = context;
  const ofPayment = { type: null, after: null, before: null, paymentId: id };
  const latest = { limit: EVENTS_WITH_JSON, offset: 0, before: null };
  const [timeline, events] = await Promise.all([
    readTimeline(context, id),
    listEvents(database, workspace.id, ofPayment, latest),
  ]);
  const { payment } = timeline;
  return c.html(
    paymentPage({
      shell: shellOf(c),
      clock: clockOf(c),
      publicUrl: c.var.config.service.publicUrl,
      timeline,
      bodies: new Map(events.items.map(({ id: eventId, body }) => [eventId, body])),
      atStripe: paymentAtStripe(context, payment),
      mayRefund: mayHere(c, 'refunds.create') && whyNotRefundable(context, payment) === null,
      asked: { refund: parseRowId(c.req.query('refund') ?? ''), earlier: parseRowId(c.req.query('earlier') ?? '') },
    }),
  );
}
