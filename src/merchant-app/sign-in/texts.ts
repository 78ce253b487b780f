import { inLanguages } from '../language.ts';

/** The two pages that sign in. */
export const signInTexts = inLanguages({
  en: {
    title: 'Sign in',
    open: 'New here? The same way in makes your account.',
    invited: 'For people who were invited.',
    email: 'E-mail',
    emailHint: 'We send a code of six digits. There is no password to forget, or to steal.',
    send: 'Send me a code',
    tooOften: 'That was too often. Try again in an hour.',
    noAddress: 'Enter an e-mail address, such as name@example.com.',
    codeTitle: 'Enter the code',
    sent: (minutes: number) =>
      `If this address can sign in here, six digits are on their way to it. They work for ${minutes} minutes.`,
    code: 'Code',
    wrongCode: 'That code is wrong, or does not work any more. After five wrong tries, ask for a new one.',
    signIn: 'Sign in',
    passkey: 'Sign in with a passkey',
    wrongPasskey: 'This passkey cannot sign in here. Try again, or use your e-mail.',
    again: 'Send a new code',
    other: 'Use another e-mail',
  },
  de: {
    title: 'Anmelden',
    open: 'Neu hier? Auf demselben Weg entsteht Ihr Konto.',
    invited: 'Für Personen, die eingeladen wurden.',
    email: 'E-Mail',
    emailHint:
      'Wir senden einen Code aus sechs Ziffern. Es gibt kein Passwort, das vergessen oder gestohlen werden kann.',
    send: 'Code senden',
    tooOften: 'Das war zu oft. Versuchen Sie es in einer Stunde erneut.',
    noAddress: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.',
    codeTitle: 'Code eingeben',
    sent: (minutes: number) =>
      `Kann sich diese Adresse hier anmelden, sind sechs Ziffern zu ihr unterwegs. Sie gelten ${minutes} Minuten.`,
    code: 'Code',
    wrongCode: 'Dieser Code ist falsch oder gilt nicht mehr. Nach fünf falschen Versuchen fordern Sie einen neuen an.',
    signIn: 'Anmelden',
    passkey: 'Mit einem Passkey anmelden',
    wrongPasskey: 'Dieser Passkey kann sich hier nicht anmelden. Versuchen Sie es erneut oder nehmen Sie Ihre E-Mail.',
    again: 'Neuen Code senden',
    other: 'Andere E-Mail verwenden',
  },
});
