const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

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

/** True for the name of a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}
