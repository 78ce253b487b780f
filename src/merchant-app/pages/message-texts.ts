import { inLanguages } from '../language.ts';

/** Pages that only say something. */
export const messageTexts = inLanguages({
  en: {
    toApp: 'Go to the app',
    notSetUp: ['The app is not set up', 'Its operators find the reason in the log.'],
    otherSite: ['Not possible from here', 'This form was sent by another site.'],
    tooLarge: ['Too much was sent', 'Go back and send less. A picture can have at most 128 KB.'],
    notNow: ['Not possible now', 'Nothing was changed.'],
    notFound: ['Nothing is here', 'The address may be mistyped.'],
    noPasskey: ['The passkey was not added', 'It could not be checked, or it took too long. Try again.'],
    failed: ['Something went wrong', 'Try again in a few seconds.'],
  },
  de: {
    toApp: 'Zur App',
    notSetUp: ['Die App ist nicht eingerichtet', 'Die Betreiber finden den Grund im Protokoll.'],
    otherSite: ['Von hier aus nicht möglich', 'Dieses Formular kam von einer anderen Website.'],
    tooLarge: ['Zu viel gesendet', 'Gehen Sie zurück und senden Sie weniger. Ein Bild darf höchstens 128 KB haben.'],
    notNow: ['Jetzt nicht möglich', 'Es wurde nichts geändert.'],
    notFound: ['Hier ist nichts', 'Die Adresse ist vielleicht falsch.'],
    noPasskey: [
      'Der Passkey wurde nicht hinzugefügt',
      'Er konnte nicht geprüft werden, oder es hat zu lange gedauert. Versuchen Sie es erneut.',
    ],
    failed: ['Etwas ist schiefgegangen', 'Versuchen Sie es in ein paar Sekunden erneut.'],
  },
});
