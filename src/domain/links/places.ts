import { describeError, logLine } from '../../core/log.ts';
import { listStatuses } from '../../db/link-sessions.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentStatus } from '../../db/payments.ts';
import type { LinkPlaces } from '../../objects/gate-client.ts';
import type { LinkLimit, TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
import type { Context } from '../context.ts';
import { markSoldOut } from './sell-out.ts';

/**
 * Counts the visitor at the link's gate and takes a place for the operation. If the link is sold out, frees the places
 * of sessions that have ended or were never stored, and tries once more.
 */
export async function enterLink(
  context: Context,
  link: PaymentLink,
  operationId: string,
  visitor: TakePlaceInput['visitor'],
): Promise<TakePlaceResult> {
  const gate = context.linkGate(link.token);
  const place = { operationId, ...limitOf(link) };
  const result = await gate.takePlace({ visitor, place });
  if (result.kind !== 'sold_out') return result;
  if (!result.held) await markSoldOut(context, link);
  if (!(await updateEnded(context, link, result.stale))) return result;
  return await gate.takePlace({ visitor: null, place });
}

/** The limit of a link, as its gate takes it. */
export function limitOf({ maxPayments, limitVersion }: PaymentLink): LinkLimit {
  return { maxPayments, limitVersion };
}

/**
 * Updates the places of those operations whose session is paid, has ended or was never stored. `operationIds`: at most as
 * many as one query can name. False: there are none. Throws `service_unavailable`.
 */
export async function updateEnded(
  context: Context,
  link: PaymentLink,
  operationIds: readonly string[],
): Promise<boolean> {
  if (operationIds.length === 0) return false;
  const gate = context.linkGate(link.token);
  const { sessions, paidCount } = await listStatuses(context.database, link, operationIds);
  const paid = sessions.filter(({ status }) => status === 'succeeded').map((session) => session.operationId);
  const held = new Set(sessions.filter(({ status }) => !isOver(status)).map((session) => session.operationId));
  const free = operationIds.filter((operationId) => !held.has(operationId));
  if (paid.length > 0) await gate.markPaid(paid, paidCount);
  if (free.length > 0) await gate.freeEnded(free);
  return paid.length + free.length > 0;
}

const isOver = (status: PaymentStatus): boolean => status === 'expired' || status === 'failed';

/** The place of an operation at its payment link. `token` null: the operation has no link, and so no place. */
interface Place {
  readonly token: string | null;
  /** How many payments the link takes; null: any number. */
  readonly maxPayments: number | null;
  readonly operationId: string;
}

/**
 * Updates the place of a session that is not paid at its link's gate, according to the session's status. In a link without
 * a limit no place is kept: a limit that is set keeps those of the open sessions. Repeatable. Never throws. False: the
 * gate of a link with a limit was not reached, so the update must be repeated.
 */
export async function updatePlace(context: Context, place: Place, status: PaymentStatus): Promise<boolean> {
  const isReached = await callGate(context, place, status, async (gate, ids) => {
    if (isOver(status)) await gate.freeEnded(ids);
    else if (status !== 'succeeded' && place.maxPayments !== null) await gate.keepPlaces(ids);
  });
  return isReached || place.maxPayments === null;
}

/**
 * Marks the place of a payment as paid, after the payment is stored. `paidCount`: how many payments of the link had
 * succeeded then, this one included. Repeatable. Never throws. False: the gate was not reached. Then the place stays held
 * until the link is sold out and `enterLink` updates it.
 */
export async function markPlacePaid(context: Context, place: Place, paidCount: number): Promise<boolean> {
  return await callGate(context, place, 'succeeded', async (gate, ids) => {
    if (place.maxPayments === null) await gate.freePaid(ids, paidCount);
    else await gate.markPaid(ids, paidCount);
  });
}

/** Frees an operation's place that is only taken (see LinkGate), not one that is kept or paid. Never throws. */
export async function freePlace(context: Context, place: Place): Promise<void> {
  await callGate(context, place, 'refused', (gate, ids) => gate.freeUnused(ids));
}

/** False if the gate was not reached: then `enterLink` updates the place later, when the link is sold out. */
async function callGate(
  context: Context,
  { token, operationId }: Place,
  change: string,
  call: (gate: LinkPlaces, ids: readonly string[]) => Promise<void>,
): Promise<boolean> {
  if (token === null) return true;
  try {
    await call(context.linkGate(token), [operationId]);
    return true;
  } catch (error) {
    logLine('warn', 'place not updated', { link: token, what: change, error: describeError(error) });
    return false;
  }
}
