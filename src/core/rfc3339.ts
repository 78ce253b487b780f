/** A time as answers and events write it: RFC 3339 in UTC with whole seconds and `Z`. `ms`: unix milliseconds. */
export function toRfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The first and the last moment that RFC 3339 can write. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an RFC 3339 time with any offset as unix milliseconds. null: other text, a day that its month does not have, or
 * a time before year 0 or after year 9999 in UTC.
 */
export function parseRfc3339(text: string): number | null {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > lastDay) return null;
  const ms = Date.parse(text.toUpperCase());
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : null;
}

/** A filter by creation time: `after` or later, and before `before` (unix ms). null: no limit on this side. */
export interface TimeRange {
  readonly after: number | null;
  readonly before: number | null;
}
