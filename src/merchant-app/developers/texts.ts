import { inLanguages } from '../language.ts';

/** What the screens for developers have in common. */
export const developersTexts = inLanguages({
  en: {
    title: 'Developers',
    tabs: { keys: 'Keys', webhooks: 'Webhooks', events: 'Events', requests: 'Requests' },
    reference: 'API reference',
    asCurl: 'The same with curl',
    secretKeyHint: 'Put one of your secret keys in place of $SECRET_KEY.',
    cancel: 'Cancel',
    actions: 'Actions',
    never: 'Never',
    unknown: 'Not known at the moment',
    formFaulty: 'Something is not right yet. It is marked below.',
  },
  de: {
    title: 'Entwickler',
    tabs: { keys: 'Schlüssel', webhooks: 'Webhooks', events: 'Ereignisse', requests: 'Anfragen' },
    reference: 'API-Referenz',
    asCurl: 'Dasselbe mit curl',
    secretKeyHint: 'Setzen Sie einen Ihrer geheimen Schlüssel für $SECRET_KEY ein.',
    cancel: 'Abbrechen',
    actions: 'Aktionen',
    never: 'Nie',
    unknown: 'Gerade nicht bekannt',
    formFaulty: 'Etwas stimmt noch nicht. Es ist unten markiert.',
  },
});
