import { type Backlog, type DriftRows, QUARANTINE_SHOWN } from '../db/drift.ts';

/** The figures of several shards as those of one: counts are added up, of times the oldest is taken. */
export function sumOfShards(shards: readonly DriftRows[]): DriftRows {
  const backlog = (read: (rows: DriftRows) => Backlog) => sumOfBacklogs(shards.map(read));
  return {
    sessions: backlog((rows) => rows.sessions),
    overdue: backlog((rows) => rows.overdue),
    oldestUnattempted: oldest(shards.map((rows) => rows.oldestUnattempted)),
    unread: backlog((rows) => rows.unread),
    refused: backlog((rows) => rows.refused),
    quarantine: backlog((rows) => rows.quarantine),
    quarantinedLately: sum(shards.map((rows) => rows.quarantinedLately)),
    latestQuarantined: shards
      .flatMap((rows) => rows.latestQuarantined)
      .toSorted((left, right) => right.receivedAt - left.receivedAt)
      .slice(0, QUARANTINE_SHOWN),
    dropped: sumOfDropped(shards.flatMap((rows) => rows.dropped)),
    sealed: shards.flatMap((rows) => rows.sealed),
  };
}

function sumOfBacklogs(backlogs: readonly Backlog[]): Backlog {
  return {
    count: sum(backlogs.map(({ count }) => count)),
    more: backlogs.some(({ more }) => more),
    oldest: oldest(backlogs.map((backlog) => backlog.oldest)),
  };
}

function sumOfDropped(dropped: DriftRows['dropped']): DriftRows['dropped'] {
  const byReason = Map.groupBy(dropped, ({ reason }) => reason);
  return [...byReason].map(([reason, rows]) => ({
    reason,
    count: sum(rows.map(({ count }) => count)),
    lately: sum(rows.map(({ lately }) => lately)),
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function oldest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
