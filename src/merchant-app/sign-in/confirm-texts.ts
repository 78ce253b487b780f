import { inLanguages } from '../language.ts';

/** The page on which a person who is signed in proves again who they are. */
export const confirmTexts = inLanguages({
  en: {
    title: 'Confirm that it is you',
    why: 'This needs a code or a passkey that is not older than 10 minutes. You are signed in as',
    send: 'Send me a code',
    sent: (minutes: number) => `Six digits are on their way. They work for ${minutes} minutes. We sent them to`,
    code: 'Code',
    confirm: 'Confirm',
    again: 'Send a new code',
    byPasskey: 'Confirm with a passkey',
    leave: 'Cancel',
    tooOften: 'That was too often. Try again in an hour.',
    wrongCode: 'That code is wrong, or does not work any more. After five wrong tries, ask for a new one.',
    wrongPasskey: 'This passkey could not confirm that it is you. Try again, or take a code.',
  },
  de: {
    title: 'Bestätigen Sie, dass Sie es sind',
    why: 'Hierfür ist ein Code oder Passkey nötig, der nicht älter als 10 Minuten ist. Sie sind angemeldet als',
    send: 'Code senden',
    sent: (minutes: number) => `Sechs Ziffern sind unterwegs. Sie gelten ${minutes} Minuten. Gesendet an`,
    code: 'Code',
    confirm: 'Bestätigen',
    again: 'Neuen Code senden',
    byPasskey: 'Mit einem Passkey bestätigen',
    leave: 'Abbrechen',
    tooOften: 'Das war zu oft. Versuchen Sie es in einer Stunde erneut.',
    wrongCode: 'Dieser Code ist falsch oder gilt nicht mehr. Nach fünf falschen Versuchen fordern Sie einen neuen an.',
    wrongPasskey:
      'Dieser Passkey konnte nicht bestätigen, dass Sie es sind. Versuchen Sie es erneut oder nehmen Sie einen Code.',
  },
});
