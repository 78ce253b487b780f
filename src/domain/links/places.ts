import { describeError, logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { listStatuses, type PaymentStatus } from '../../db/payments.ts';
import type { LinkPlaces } from '../../objects/gate-client.ts';
import type { TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
import type { Context } from '../context.ts';
import { markSoldOut } from './sell-out.ts';

/**
 * Calls the link's gate: counts the visitor and takes a place for the operation. Where the link is sold out, it first frees
 * places of sessions that have ended or were never written, and tries once more.
 */
export async function enterLink(
  context: Context,
  link: PaymentLink,
  operationId: string,
  visitor: TakePlaceInput['visitor'],
): Promise<TakePlaceResult> {
  const gate = context.linkGate(link.token);
  const place = { operationId, maxPayments: link.maxPayments };
  const result = await gate.takePlace({ visitor, place });
  if (result.kind !== 'sold_out') return result;
  if (!result.held) await markSoldOut(context, link);
  if (result.stale.length === 0) return result;

  const written = await listStatuses(context.database, context.workspace.id, result.stale);
  const paid = written.filter((session) => session.status === 'succeeded').map((session) => session.operationId);
  const held = new Set(written.filter(({ status }) => !isOver(status)).map((session) => session.operationId));
  const free = result.stale.filter((operationId) => !held.has(operationId));
  if (paid.length > 0) await gate.markPaid(paid);
  if (free.length > 0) await gate.freeEnded(free);
  if (paid.length + free.length === 0) return result;
  return await gate.takePlace({ visitor: null, place });
}

const isOver = (status: PaymentStatus): boolean => status === 'expired' || status === 'failed';

/** The place of an operation, where its link has places to hold. */
export interface Place {
  readonly token: string | null;
  /** The link's limit; null: it takes any number of payments. */
  readonly maxPayments: number | null;
  readonly operationId: string;
}

/** `last`: all places of the link are paid now. `missed`: the gate was not reached, and must be called again. */
export type PlaceUpdate = 'updated' | 'last' | 'missed';

/**
 * Updates the place of a session at its link's gate, according to the session's status. A link without a limit has places only
 * for open sessions, in case a limit is set while they are open. Repeatable. Never throws.
 */
export async function updatePlace(context: Context, place: Place, status: PaymentStatus): Promise<PlaceUpdate> {
  const { maxPayments } = place;
  if (maxPayments === null) {
    if (isOver(status) || status === 'succeeded') await freePlace(context, place);
    return 'updated';
  }
  let paid = 0;
  const isReached = await callGate(context, place, status, async (gate, ids) => {
    if (status === 'created') await gate.keepPlaces(ids);
    if (status === 'succeeded') paid = await gate.markPaid(ids);
    if (isOver(status)) await gate.freeEnded(ids);
  });
  if (!isReached) return 'missed';
  return paid >= maxPayments ? 'last' : 'updated';
}

/** Frees a place that was taken for a session that was not made. A place that a session holds stays. Never throws. */
export async function freePlace(context: Context, place: Place): Promise<void> {
  await callGate(context, place, 'refused', (gate, ids) => gate.freeUnused(ids));
}

/** True where the gate was reached. Otherwise the place is freed by `enterLink` when the link is sold out. */
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
