/** Browsers name several others beside themselves: the first that fits is right. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** A browser and its system, by their own names. null: not known. */
export interface Browser {
  readonly browser: string | null;
  readonly system: string | null;
}

/** The browser that sends this `User-Agent` header. It may be wrong: anybody can send any. */
export function browserOf(userAgent: string | null): Browser {
  const nameIn = (names: typeof BROWSERS) => names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1] ?? null;
  return { browser: nameIn(BROWSERS), system: nameIn(SYSTEMS) };
}

/** A browser as it is stored, in no language: `Firefox, Windows`. `readBrowser` reads it. */
export function storedBrowser({ browser, system }: Browser): string {
  return [browser, system].filter((name) => name !== null).join(', ');
}

/** The browser that `storedBrowser` has written. */
export function readBrowser(stored: string): Browser {
  const parts = stored.split(', ');
  const nameIn = (names: typeof BROWSERS) => names.find(([, name]) => parts.includes(name))?.[1] ?? null;
  return { browser: nameIn(BROWSERS), system: nameIn(SYSTEMS) };
}
