import { parseRfc3339 } from './rfc3339.ts';

/** When rows were created: from `after` on and before `before`, unix ms; null leaves an end open. */
export interface TimeRange {
  readonly after: number | null;
  readonly before: number | null;
}

export interface TimeRangeFault {
  readonly path: 'created_after' | 'created_before';
  readonly message: string;
}

/** `created_after` (that moment or later) and `created_before` (earlier than it) as text of a query, or all faults. */
export function parseTimeRange(query: {
  readonly created_after?: string | undefined;
  readonly created_before?: string | undefined;
}):
  | { readonly ok: true; readonly range: TimeRange }
  | { readonly ok: false; readonly faults: readonly TimeRangeFault[] } {
  const { created_after: afterText, created_before: beforeText } = query;
  const after = afterText === undefined ? null : parseRfc3339(afterText);
  const before = beforeText === undefined ? null : parseRfc3339(beforeText);
  const faults: TimeRangeFault[] = [];
  if (afterText !== undefined && after === null) faults.push(faultOf('created_after'));
  if (beforeText !== undefined && before === null) faults.push(faultOf('created_before'));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, range: { after, before } };
}

function faultOf(path: TimeRangeFault['path']): TimeRangeFault {
  return {
    path,
    message: `${path} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z. In a query, write "+" as %2B.`,
  };
}
