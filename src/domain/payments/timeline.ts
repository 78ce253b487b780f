import type { ApiKey } from '../../db/api-keys.ts';
import { readTimelineRows, type TimelineEvent, type TimelineRows } from '../../db/payment-timelines.ts';
import type { Context } from '../context.ts';
import { historyOf, inOrderOfTime, type PaymentMoment } from './history.ts';
import { paymentNotFound } from './queries.ts';

/**
 * What made the session of a payment: a secret key, or a buyer at a payment link or button. `unknown`: the session was
 * found at Stripe, and names no link.
 */
export type SessionMaker =
  | { readonly kind: 'key'; readonly key: Pick<ApiKey, 'id' | 'name' | 'prefix' | 'last4'> }
  | { readonly kind: 'link' | 'button'; readonly token: string; readonly title: string }
  | { readonly kind: 'unknown' };

/** One entry of a timeline. `at`: unix ms. An `event` has its deliveries, as they are now, one for each endpoint. */
export type TimelineEntry =
  | { readonly kind: 'session'; readonly at: number; readonly madeBy: SessionMaker }
  | Exclude<PaymentMoment, { readonly kind: 'session' }>
  | { readonly kind: 'event'; readonly at: number; readonly event: TimelineEvent };

/** A payment with all that happened to it. */
export interface Timeline extends Pick<TimelineRows, 'payment' | 'refunds' | 'disputes' | 'isCut'> {
  /** Oldest first. Within one second: session, payment, refunds, disputes, events. */
  readonly entries: readonly TimelineEntry[];
}

/**
 * The timeline of a payment of this workspace, also of a session that is open or has expired. It has the latest 50 events
 * and at most 500 of their deliveries: `isCut` says whether there are more. One round trip to the database. Throws
 * `not_found`, also for another workspace's payment.
 */
export async function readTimeline(context: Context, id: number): Promise<Timeline> {
  const rows = await readTimelineRows(context.database, context.workspace.id, id);
  if (!rows) throw paymentNotFound();
  const { payment, refunds, disputes, isCut } = rows;
  const madeBy = makerOf(rows);
  const history = historyOf(rows).map((moment) => (moment.kind === 'session' ? { ...moment, madeBy } : moment));
  const events = rows.events.map((event) => ({ kind: 'event' as const, at: event.createdAt, event }));
  return { payment, refunds, disputes, isCut, entries: inOrderOfTime<TimelineEntry>([...history, ...events]) };
}

function makerOf({ key, linkKind, payment }: TimelineRows): SessionMaker {
  if (key) return { kind: 'key', key };
  const { paymentLinkToken: token, paymentLinkTitle: title } = payment;
  if (linkKind === null || token === null || title === null) return { kind: 'unknown' };
  return { kind: linkKind, token, title };
}
