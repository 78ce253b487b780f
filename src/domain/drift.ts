import { type DriftRows, readDriftRows } from '../db/drift.ts';
import type { PlatformContext } from './context.ts';
import { OVERDUE_MS } from './webhooks/delivery/sweep.ts';

const MINUTE_MS = 60_000;
/** An account's Stripe events count as late after this time: those of an idle account are read every hour. */
const UNREAD_MS = 90 * MINUTE_MS;
const DROPPED_DAYS = 7;

/** Reads how late the work for Stripe and merchants is, for operators. Contains no buyer's data. One round trip. */
export async function readDrift(context: PlatformContext): Promise<DriftRows> {
  const now = context.now();
  const firstDay = new Date(now - (DROPPED_DAYS - 1) * 24 * 60 * MINUTE_MS);
  return await readDriftRows(context.database, {
    now,
    deliveriesDueBy: now - OVERDUE_MS,
    accountsReadSince: now - UNREAD_MS,
    droppedSince: firstDay.toISOString().slice(0, 10),
  });
}
