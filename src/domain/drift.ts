import { type DriftRows, readDriftRows } from '../db/drift.ts';
import type { PlatformContext } from './context.ts';
import { OVERDUE_MS } from './webhooks/delivery/sweep.ts';

const MINUTE_MS = 60_000;
/** An account's Stripe events count as late after this time: those of an idle account are read every hour. */
const UNREAD_MS = 90 * MINUTE_MS;
const DROPPED_DAYS = 7;

/** A number of webhook secrets. `more`: the real number is higher. */
interface SecretsCount {
  readonly count: number;
  readonly more: boolean;
}

export interface Drift extends Omit<DriftRows, 'sealed'> {
  /** Webhook secrets that are still sealed under an older version of SECRETS_KEY. */
  readonly toReseal: SecretsCount;
  /** Webhook secrets sealed under a version that SECRETS_KEY lacks: no delivery to their endpoints can be signed. */
  readonly unreadable: SecretsCount;
}

/** Reads how late the work for Stripe and merchants is, for operators. Contains no buyer's data. One round trip. */
export async function readDrift(context: PlatformContext): Promise<Drift> {
  const now = context.now();
  const { current, byVersion } = await context.keyring();
  const firstDay = new Date(now - (DROPPED_DAYS - 1) * 24 * 60 * MINUTE_MS);
  const { sealed, ...rows } = await readDriftRows(context.database, {
    now,
    deliveriesDueBy: now - OVERDUE_MS,
    accountsReadSince: now - UNREAD_MS,
    droppedSince: firstDay.toISOString().slice(0, 10),
  });
  const older = sealed.filter(({ version }) => byVersion.has(version) && version !== current.version);
  const unknown = sealed.filter(({ version }) => !byVersion.has(version));
  return { ...rows, toReseal: sumOf(older), unreadable: sumOf(unknown) };
}

function sumOf(counts: readonly SecretsCount[]): SecretsCount {
  return { count: counts.reduce((sum, { count }) => sum + count, 0), more: counts.some(({ more }) => more) };
}
