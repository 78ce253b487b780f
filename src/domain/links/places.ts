import { describeError, logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { listStatuses, type PaymentStatus } from '../../db/payments.ts';
import type { LinkPlaces } from '../../objects/gate-client.ts';
import type { TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
import type { Context } from '../context.ts';
import { noteSoldOut } from './sell-out.ts';

/**
 * Passes the link's gate: counts the visitor and, where the link takes a limited number of payments, takes a place for the
 * operation. When it is sold out, places are freed first whose session ended without our noticing, or was never written.
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
  if (!result.held) await noteSoldOut(context, link);
  if (result.stale.length === 0) return result;

  const written = await listStatuses(context.database, context.workspace.id, result.stale);
  const paid = written.filter((session) => session.status === 'succeeded').map((session) => session.operationId);
  const waiting = new Set(written.filter(({ status }) => !isOver(status)).map((session) => session.operationId));
  const free = result.stale.filter((operation) => !waiting.has(operation) && !paid.includes(operation));
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

/** `last`: all places of the link are paid now. `missed`: the gate of a limited link was not reached, and has to be asked again. */
export type PlaceUpdate = 'updated' | 'last' | 'missed';

/**
 * Updates the place of a session at its link's gate, by the session's status. Without a limit a place only counts for as long
 * as the session may be one that a limit set meanwhile has to find. Repeatable. Never throws.
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

/** Gives back a place that was taken for a session Stripe refused to make; one that a session holds stays. Never throws. */
export async function freePlace(context: Context, place: Place): Promise<void> {
  await callGate(context, place, 'refused', (gate, ids) => gate.freeUnused(ids));
}

/** True where the gate was reached. A place that stays behind is found when the link is next sold out. */
async function callGate(
  context: Context,
  { token, operationId }: Place,
  what: string,
  call: (gate: LinkPlaces, ids: readonly string[]) => Promise<void>,
): Promise<boolean> {
  if (token === null) return true;
  try {
    await call(context.linkGate(token), [operationId]);
    return true;
  } catch (error) {
    logLine('warn', 'place not updated', { link: token, what, error: describeError(error) });
    return false;
  }
}
