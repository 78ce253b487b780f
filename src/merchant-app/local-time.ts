import type { Day } from '../domain/payments/totals.ts';

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How many days `lastDays` has. */
const DAYS = 30;

/** A time (unix ms) in an IANA time zone, as an input of the type `datetime-local` has it: "2026-11-30T14:05". */
export function localTime(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return format.format(at).replace(' ', 'T');
}

/** How far (ms) a time zone is ahead of UTC at a time (unix ms). */
export function offsetMs(at: number, timeZone: string): number {
  return Date.parse(`${localTime(at, timeZone)}Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/**
 * Reads what `localTime` writes, as unix ms. A time that a clock skips in spring is an hour later; one that it has twice in autumn
 * is the first. null: any other text.
 */
export function readLocalTime(text: string, timeZone: string): number | null {
  const wanted = LOCAL.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(wanted)) return null;
  const first = wanted - offsetMs(wanted - DAY_MS, timeZone);
  const second = wanted - offsetMs(first, timeZone);
  return localTime(second, timeZone) === text.slice(0, 16) ? second : first;
}

/**
 * The last 30 days of a time zone, the oldest first, and last the day of `now` (unix ms). A day is as the filters of lists have it: from
 * one midnight to the next, also where a clock change makes it longer or shorter.
 */
export function lastDays(now: number, timeZone: string): readonly [Day, ...Day[]] {
  const today = Date.parse(localTime(now, timeZone).slice(0, 10));
  const dayOf = (ago: number): Day => {
    const [date, next] = [dateOf(today - ago * DAY_MS), dateOf(today - (ago - 1) * DAY_MS)];
    return { date, from: midnight(date, timeZone), until: midnight(next, timeZone) };
  };
  const later = Array.from({ length: DAYS - 1 }, (_, index) => dayOf(DAYS - 2 - index));
  return [dayOf(DAYS - 1), ...later];
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** When a day (`YYYY-MM-DD`) begins in a time zone, unix ms. Throws for another text. */
function midnight(date: string, timeZone: string): number {
  const at = readLocalTime(`${date}T00:00`, timeZone);
  if (at === null) throw new RangeError(`${date} is no day`);
  return at;
}

/** True for the name of a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}
