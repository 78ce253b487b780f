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
    faults: {
      limit_reached: 'You have as many of these as a workspace can have. Remove one first.',
      webhook_endpoint_disabled: 'This endpoint is switched off. Switch it on first: that also sends what it missed.',
      rotation_in_progress:
        'The secret was changed less than 7 days ago, and the one before it still works. Wait, or end the old one now.',
      replay_in_progress:
        'An earlier replay to this endpoint is not finished: up to 5,000 events are queued a minute. Try again later.',
    },
    notDone: 'This was not done',
    back: 'Back',
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
    faults: {
      limit_reached: 'Mehr davon kann ein Workspace nicht haben. Entfernen Sie zuerst eines.',
      webhook_endpoint_disabled:
        'Dieser Endpunkt ist ausgeschaltet. Schalten Sie ihn zuerst ein: Dann wird auch gesendet, was er verpasst hat.',
      rotation_in_progress:
        'Das Geheimnis wurde vor weniger als 7 Tagen geändert, und das vorige gilt noch. Warten Sie, oder beenden Sie das alte jetzt.',
      replay_in_progress:
        'Ein früheres erneutes Senden an diesen Endpunkt läuft noch: Bis zu 5.000 Ereignisse je Minute werden eingereiht. Versuchen Sie es später erneut.',
    },
    notDone: 'Das wurde nicht getan',
    back: 'Zurück',
  },
});
