import { inLanguages } from '../language.ts';

/** What many screens have. */
export const partsTexts = inLanguages({
  en: { copy: 'Copy', copied: 'Copied', older: 'Older', pages: 'Pages' },
  de: { copy: 'Kopieren', copied: 'Kopiert', older: 'Ältere', pages: 'Seiten' },
});
