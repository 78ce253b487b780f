import { inLanguages } from '../language.ts';

/** The list of the browsers in which a person is signed in. */
export const sessionTexts = inLanguages({
  en: {
    sessions: 'Where you are signed in',
    signedIn: 'signed in',
    lastUsed: 'last used',
    thisBrowser: 'This browser',
    end: 'End',
    endOthers: 'End all others',
    endOf: (browser: string) => `End the session of ${browser}`,
  },
  de: {
    sessions: 'Wo Sie angemeldet sind',
    signedIn: 'angemeldet am',
    lastUsed: 'zuletzt benutzt am',
    thisBrowser: 'Dieser Browser',
    end: 'Beenden',
    endOthers: 'Alle anderen beenden',
    endOf: (browser: string) => `Die Sitzung von ${browser} beenden`,
  },
});
