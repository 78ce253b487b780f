import { inLanguages } from '../language.ts';

/** Passkeys: the card that lists them, and what the buttons say when something goes wrong. */
export const passkeyTexts = inLanguages({
  en: {
    passkeys: 'Passkeys',
    explained: 'Sign in with your fingerprint, your face or the PIN of your device instead of a code.',
    unnamed: 'A passkey',
    keptBy: (keeper: string) => `kept by ${keeper}`,
    added: 'added',
    add: 'Add a passkey',
    withoutScript: 'To add one, open this page in a browser with scripts and passkeys.',
    remove: 'Remove',
    removeOf: (name: string) => `Remove the passkey of ${name}`,
    cancelled: 'Nothing was done: you cancelled it, or it took too long. Try again.',
    failed: 'That did not work. Try again.',
    present: 'This device already has a passkey for you.',
    tooOften: 'That was too often. Try again in an hour.',
  },
  de: {
    passkeys: 'Passkeys',
    explained: 'Melden Sie sich mit Fingerabdruck, Gesicht oder PIN Ihres Geräts an, statt mit einem Code.',
    unnamed: 'Ein Passkey',
    keptBy: (keeper: string) => `aufbewahrt von ${keeper}`,
    added: 'hinzugefügt am',
    add: 'Passkey hinzufügen',
    withoutScript: 'Zum Hinzufügen öffnen Sie diese Seite in einem Browser mit Skripten und Passkeys.',
    remove: 'Entfernen',
    removeOf: (name: string) => `Den Passkey von ${name} entfernen`,
    cancelled: 'Nichts ist geschehen: Sie haben abgebrochen, oder es hat zu lange gedauert. Versuchen Sie es erneut.',
    failed: 'Das hat nicht funktioniert. Versuchen Sie es erneut.',
    present: 'Dieses Gerät hat schon einen Passkey für Sie.',
    tooOften: 'Das war zu oft. Versuchen Sie es in einer Stunde erneut.',
  },
});
