import { DRIFT_FIGURES, type DriftFigure, type DriftValues } from '../core/drift-thresholds.ts';
import { describeError, logLine } from '../core/log.ts';
import { type DriftLimits, type DriftRows, readDriftRows } from '../db/drift.ts';
import { readShards } from '../db/shards.ts';
import type { PlatformContext } from './context.ts';
import { sumOfShards } from './drift-sum.ts';
import { OVERDUE_MS } from './webhooks/delivery/sweep.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** An account's Stripe events count as late after this time: those of an idle account are read every hour. */
const UNREAD_MS = 90 * MINUTE_MS;
const DROPPED_DAYS = 7;
/** Stripe sends these to live endpoints by itself, so they are no sign of a fault. */
const EXPECTED_DROPS: readonly string[] = ['test_event_on_live'];

/** A figure that is higher than its threshold. */
interface OverThreshold {
  readonly figure: DriftFigure;
  readonly value: number;
  readonly threshold: number;
}

/** A number of webhook secrets. `more`: the real number is higher. */
interface SecretsCount {
  readonly count: number;
  readonly more: boolean;
}

/** How late the work of this service is, and what of it is over its threshold. */
export interface Drift extends Omit<DriftRows, 'sealed'> {
  /** Webhook secrets that are still sealed under an older version of SECRETS_KEY. */
  readonly toReseal: SecretsCount;
  /** Webhook secrets sealed under a version that SECRETS_KEY lacks: no delivery to their endpoints can be signed. */
  readonly unreadable: SecretsCount;
  readonly over: readonly OverThreshold[];
  /** Which shards have answered. The figures are of these shards alone. */
  readonly shards: readonly { readonly shard: string; readonly answers: boolean }[];
}

/**
 * Reads how late the work for Stripe and merchants is, for operators, in all shards at the same time. Contains no buyer's
 * data. One round trip for each shard. Throws the database's error if no shard answers.
 */
export async function readDrift(context: PlatformContext, thresholds: DriftValues): Promise<Drift> {
  const now = context.now();
  const { current, byVersion } = await context.keyring();
  const { sealed, ...rows } = await readAllShards(context, {
    now,
    deliveriesDueBy: now - OVERDUE_MS,
    accountsReadSince: now - UNREAD_MS,
    quarantinedSince: now - DAY_MS,
    droppedSince: dayOf(now - (DROPPED_DAYS - 1) * DAY_MS),
    droppedLatelySince: dayOf(now - DAY_MS),
  });
  const older = sealed.filter(({ version }) => byVersion.has(version) && version !== current.version);
  const secrets = {
    toReseal: sumOf(older),
    unreadable: sumOf(sealed.filter(({ version }) => !byVersion.has(version))),
  };
  const values = valuesOf({ ...rows, ...secrets }, now);
  const all = DRIFT_FIGURES.map((figure) => ({ figure, value: values[figure], threshold: thresholds[figure] }));
  return { ...rows, ...secrets, over: all.filter(({ value, threshold }) => value > threshold) };
}

async function readAllShards(context: PlatformContext, limits: DriftLimits) {
  const answers = await readShards(context.databases, (database) => readDriftRows(database, limits));
  const rows: DriftRows[] = [];
  const silent: unknown[] = [];
  for (const answer of answers) {
    if (answer.answers) {
      rows.push(answer.value);
      continue;
    }
    silent.push(answer.error);
    logLine('error', 'shard does not answer', { shard: answer.shard, error: describeError(answer.error) });
  }
  if (rows.length === 0) throw silent[0];
  return { ...sumOfShards(rows), shards: answers.map(({ shard, answers }) => ({ shard, answers })) };
}

function sumOf(counts: readonly SecretsCount[]): SecretsCount {
  return { count: counts.reduce((sum, { count }) => sum + count, 0), more: counts.some(({ more }) => more) };
}

function valuesOf(rows: Omit<Drift, 'over'>, now: number): DriftValues {
  const secondsSince = (at: number | null) => (at === null ? 0 : Math.max(0, Math.floor((now - at) / 1000)));
  const dropped = rows.dropped.filter(({ reason }) => !EXPECTED_DROPS.includes(reason));
  return {
    open_sessions_past_expiry: secondsSince(rows.sessions.oldest),
    deliveries_overdue: secondsSince(rows.overdue.oldest),
    outbox_age_seconds: secondsSince(rows.oldestUnattempted),
    accounts_unread: rows.unread.count,
    accounts_refused: rows.refused.count,
    quarantine: rows.quarantinedLately,
    dropped_stripe_events: dropped.reduce((total, { lately }) => total + lately, 0),
    webhook_secrets: rows.unreadable.count,
  };
}

/** The day of a time (unix ms) in UTC, YYYY-MM-DD. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
