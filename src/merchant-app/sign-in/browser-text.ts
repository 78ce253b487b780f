import { inLanguages, type Language } from '../language.ts';
import type { Browser } from './browser-name.ts';

/** What people call a browser. */
const browserTexts = inLanguages({
  en: { other: 'Another browser', on: (browser: string, system: string) => `${browser} on ${system}` },
  de: { other: 'Ein anderer Browser', on: (browser: string, system: string) => `${browser} auf ${system}` },
});

/** What a person calls a browser: "Firefox on Windows". */
export function browserText(language: Language, { browser, system }: Browser): string {
  const texts = browserTexts[language];
  const name = browser ?? texts.other;
  return system === null ? name : texts.on(name, system);
}
