import type { Context } from 'hono';
import type { Locale } from '../http/buyer/locale.ts';
import type { Language } from './language.ts';

/** How a page writes times: in this language, and in this IANA time zone. */
export interface Clock {
  readonly language: Language;
  readonly timeZone: string;
  /** The time of the request, unix ms. */
  readonly now: number;
}

/** The clock of a request: Cloudflare says in which time zone the visitor is. UTC where it does not. */
export function clockOf(c: Pick<Context, 'req' | 'var'> & { readonly var: { readonly language: Language } }): Clock {
  const timeZone = c.req.raw.cf?.timezone;
  const isKnown = typeof timeZone === 'string' && timeZone !== '';
  return { language: c.var.language, timeZone: isKnown ? timeZone : 'UTC', now: Date.now() };
}

const TAGS = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Language, string>;

/** The language of numbers and times. */
export const tagOf = (language: Language): string => TAGS[language];

/** The locale in which a reader writes amounts. */
export const localeIn = (language: Language): Locale => ({ language, tag: tagOf(language), dir: 'ltr' });

/** A time as people write it, with the time zone: "30 Nov 2026, 14:05 CET". `at`: unix ms. */
export function timeText({ language, timeZone }: Clock, at: number): string {
  return new Intl.DateTimeFormat(tagOf(language), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at);
}

/** A day as people write it: "30 Nov 2026". `at`: unix ms. */
export function dayText({ language, timeZone }: Clock, at: number): string {
  return new Intl.DateTimeFormat(tagOf(language), { dateStyle: 'medium', timeZone }).format(at);
}

/** The time of day: "14:05". `at`: unix ms. */
export function minuteText({ language, timeZone }: Clock, at: number): string {
  return new Intl.DateTimeFormat(tagOf(language), { timeStyle: 'short', timeZone }).format(at);
}

/** The time of day to the second, for steps that follow each other quickly. `at`: unix ms. */
export function secondText({ language, timeZone }: Clock, at: number): string {
  return new Intl.DateTimeFormat(tagOf(language), { timeStyle: 'medium', timeZone }).format(at);
}

/** A day with its name, and the time zone in which it is that day: "Monday 30 November 2026, Central European Time". `at`: unix ms. */
export function longDayText({ language, timeZone }: Clock, at: number): string {
  const tag = tagOf(language);
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeZone }).format(at);
  const parts = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(at);
  return `${day}, ${parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone}`;
}

/** A day without its year: "30 Nov". `date`: `YYYY-MM-DD`. */
export function shortDayText(language: Language, date: string): string {
  const format = new Intl.DateTimeFormat(tagOf(language), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return format.format(Date.parse(date));
}
