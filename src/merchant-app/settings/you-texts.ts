import { inLanguages } from '../language.ts';

/** The page of the person who is signed in. */
export const youTexts = inLanguages({
  en: {
    title: 'You',
    signedInAs: 'You are signed in as',
    yourRole: 'Your role here',
  },
  de: {
    title: 'Sie',
    signedInAs: 'Sie sind angemeldet als',
    yourRole: 'Ihre Rolle hier',
  },
});
