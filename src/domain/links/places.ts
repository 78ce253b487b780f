import { describeError, logLine } from '../../core/log.ts';
import { markSoldOut, type PaymentLink } from '../../db/payment-links.ts';
import { listStatuses, type PaymentStatus } from '../../db/payments.ts';
import type { LinkPlaces } from '../../objects/gate-client.ts';
import type { EnterInput, EnterResult } from '../../objects/link-gate.ts';
import type { Context } from '../context.ts';

/**
 * Passes the link's gate: counts the visitor and, where the link takes a limited number of payments, takes a place for the
 * operation. When it is sold out, places are given back first whose session ended without our noticing, or was never written.
 */
export async function enterLink(
  context: Context,
  link: PaymentLink,
  operationId: string,
  visitor: EnterInput['visitor'],
): Promise<EnterResult> {
  const gate = context.linkGate(link.token);
  const place = { operationId, maxPayments: link.maxPayments };
  const result = await gate.enter({ visitor, place });
  if (result.kind !== 'sold_out') return result;
  if (!result.held) await noteSoldOut(context, link);
  if (result.stale.length === 0) return result;

  const written = await listStatuses(context.database, context.workspace.id, result.stale);
  const paid = written.filter((session) => session.status === 'succeeded').map((session) => session.operationId);
  const waiting = new Set(written.filter(({ status }) => !isOver(status)).map((session) => session.operationId));
  const free = result.stale.filter((operation) => !waiting.has(operation) && !paid.includes(operation));
  if (paid.length > 0) await gate.markPaid(paid);
  if (free.length > 0) await gate.release(free);
  if (paid.length + free.length === 0) return result;
  return await gate.enter({ visitor: null, place });
}

const isOver = (status: PaymentStatus): boolean => status === 'expired' || status === 'failed';

/** The place of an operation, where its link has places to hold. */
export interface Place {
  readonly token: string | null;
  /** The link's limit; null: it takes any number of payments. */
  readonly maxPayments: number | null;
  readonly operationId: string;
}

/**
 * Tells the gate what became of a session that may hold a place. Without a limit a place only counts for as long as the
 * session may be one that a limit set meanwhile has to find. Never throws.
 */
export async function tellPlace(context: Context, place: Place, status: PaymentStatus): Promise<void> {
  const { maxPayments } = place;
  if (maxPayments === null) {
    if (isOver(status) || status === 'succeeded') await giveBackPlace(context, place);
    return;
  }
  await tell(context, place, status, async (gate, ids) => {
    if (status === 'created') await gate.hold(ids);
    if (status === 'succeeded' && (await gate.markPaid(ids)) >= maxPayments) await noteSoldOut(context, place);
    if (status === 'expired' || status === 'failed') await gate.release(ids);
  });
}

async function noteSoldOut(context: Context, { token, maxPayments }: Omit<Place, 'operationId'>): Promise<void> {
  if (token === null || maxPayments === null) return;
  await markSoldOut(context.database, context.workspace.id, { token, maxPayments }, context.now());
}

/** Gives back a place that was taken for a session Stripe refused to make; one that a session holds stays. Never throws. */
export async function giveBackPlace(context: Context, place: Place): Promise<void> {
  await tell(context, place, 'refused', (gate, ids) => gate.giveBack(ids));
}

/** The change itself is written, and a place that stays behind is found when the link is next sold out. */
async function tell(
  context: Context,
  { token, operationId }: Place,
  what: string,
  call: (gate: LinkPlaces, ids: readonly string[]) => Promise<void>,
): Promise<void> {
  if (token === null) return;
  try {
    await call(context.linkGate(token), [operationId]);
  } catch (error) {
    logLine('warn', 'place not told', { link: token, what, error: describeError(error) });
  }
}
