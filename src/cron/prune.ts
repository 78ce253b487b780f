import { logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { deleteQuarantined } from '../db/stripe-events.ts';
import type { Bindings } from '../env.ts';

const QUARANTINE_MS = 30 * 24 * 60 * 60_000;
/** What one run takes on; the rest goes in the next. */
const AT_ONCE = 500;

/** Deletes Stripe events that have been set aside for more than 30 days: they hold buyers' data that nobody asked for. */
export async function prune(env: Bindings): Promise<void> {
  const deleted = await deleteQuarantined(openDatabase(env.DB), Date.now() - QUARANTINE_MS, AT_ONCE);
  if (deleted > 0) logLine('info', 'quarantine pruned', { deleted });
}
