import { inLanguages } from '../language.ts';

/** What the screens for developers have in common. */
export const developersTexts = inLanguages({
  en: {
    title: 'Developers',
    tabs: { keys: 'Keys', webhooks: 'Webhooks', events: 'Events', requests: 'Requests' },
    reference: 'API reference',
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
    cancel: 'Abbrechen',
    actions: 'Aktionen',
    never: 'Nie',
    unknown: 'Gerade nicht bekannt',
    formFaulty: 'Etwas stimmt noch nicht. Es ist unten markiert.',
  },
});
