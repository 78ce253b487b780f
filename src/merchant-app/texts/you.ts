import { inLanguages } from '../language.ts';

/** The page of the person who is signed in. */
export const youTexts = inLanguages({
  en: {
    title: 'You',
    signedInAs: 'You are signed in as',
    yourRole: 'Your role here',
    sessions: 'Where you are signed in',
    signedIn: 'signed in',
    lastUsed: 'last used',
    thisBrowser: 'This browser',
    end: 'End',
    endOthers: 'End all others',
    endOf: (browser: string) => `End the session of ${browser}`,
  },
  de: {
    title: 'Sie',
    signedInAs: 'Sie sind angemeldet als',
    yourRole: 'Ihre Rolle hier',
    sessions: 'Wo Sie angemeldet sind',
    signedIn: 'angemeldet am',
    lastUsed: 'zuletzt benutzt am',
    thisBrowser: 'Dieser Browser',
    end: 'Beenden',
    endOthers: 'Alle anderen beenden',
    endOf: (browser: string) => `Die Sitzung von ${browser} beenden`,
  },
});
