import { describeError, logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { listStatuses, type PaymentStatus } from '../../db/payments.ts';
import type { LinkPlaces } from '../../objects/gate-client.ts';
import type { TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
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

/** The place of an operation at its payment link. `token` null: the operation has no link, and so no place. */
interface Place {
  readonly token: string | null;
  /** How many payments the link takes; null: any number. */
  readonly maxPayments: number | null;
  readonly operationId: string;
}

/** `last`: all places of the link are paid now. `missed`: the gate was not reached, so the update must be repeated. */
type PlaceUpdate = 'updated' | 'last' | 'missed';

/**
 * Updates the place of a session at its link's gate, according to the session's status. In a link without a limit only
 * open sessions have places, because a limit may be set while they are open. Repeatable. Never throws.
 */
export async function updatePlace(context: Context, place: Place, status: PaymentStatus): Promise<PlaceUpdate> {
  const { maxPayments } = place;
  if (maxPayments === null) {
    if (isOver(status) || status === 'succeeded') await freePlace(context, place);
    return 'updated';
  }
  let paid = 0;
  const isReached = await callGate(context, place, status, async (gate, ids) => {
    if (status === 'created' || status === 'processing') await gate.keepPlaces(ids);
    if (status === 'succeeded') paid = await gate.markPaid(ids);
    if (isOver(status)) await gate.freeEnded(ids);
  });
  if (!isReached) return 'missed';
  return paid >= maxPayments ? 'last' : 'updated';
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
