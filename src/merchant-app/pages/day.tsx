import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';

const DAYS = { en: dayFormat('en-GB'), de: dayFormat('de') };

function dayFormat(tag: string) {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** A day, as people write it. */
export function Day({ language, date }: { language: Language; date: Date }): Child {
  return <time datetime={date.toISOString()}>{DAYS[language].format(date)}</time>;
}
