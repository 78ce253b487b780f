import { inLanguages } from '../language.ts';

/** What stands around every screen of a workspace. */
export const shellTexts = inLanguages({
  en: {
    skip: 'Skip to the page',
    sandbox: 'Sandbox',
    live: 'Live',
    sandboxMeans: 'No money moves.',
    liveMeans: 'Real money.',
    modes: 'Sandbox or live',
    main: 'Main',
    home: 'Home',
    links: 'Links',
    payments: 'Payments',
    developers: 'Developers',
    settings: 'Settings',
    newWorkspace: 'New workspace',
    signOut: 'Sign out',
    invitations: 'Invitations',
    closed: 'This workspace is closed: its keys are answered 402, and its links take no payments.',
  },
  de: {
    skip: 'Zum Inhalt',
    sandbox: 'Sandbox',
    live: 'Live',
    sandboxMeans: 'Es fließt kein Geld.',
    liveMeans: 'Echtes Geld.',
    modes: 'Sandbox oder live',
    main: 'Hauptmenü',
    home: 'Start',
    links: 'Links',
    payments: 'Zahlungen',
    developers: 'Entwickler',
    settings: 'Einstellungen',
    newWorkspace: 'Neuer Workspace',
    signOut: 'Abmelden',
    invitations: 'Einladungen',
    closed:
      'Dieser Workspace ist geschlossen: Seine Schlüssel werden mit 402 beantwortet, seine Links nehmen keine Zahlungen an.',
  },
});
