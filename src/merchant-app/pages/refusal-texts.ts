import { inLanguages } from '../language.ts';

/** What some of the refusals of use cases mean, by their error code. */
export const refusalTexts = inLanguages({
  en: {
    limit_reached: 'You have as many of these as a workspace can have. Remove one first.',
    webhook_endpoint_disabled: 'This endpoint is switched off. Switch it on first: that also sends what it missed.',
    rotation_in_progress:
      'The secret was changed less than 7 days ago, and the one before it still works. Wait, or end the old one now.',
    replay_in_progress:
      'An earlier replay to this endpoint is not finished: up to 5,000 events are queued a minute. Try again later.',
  },
  de: {
    limit_reached: 'Mehr davon kann ein Workspace nicht haben. Entfernen Sie zuerst eines.',
    webhook_endpoint_disabled:
      'Dieser Endpunkt ist ausgeschaltet. Schalten Sie ihn zuerst ein: Dann wird auch gesendet, was er verpasst hat.',
    rotation_in_progress:
      'Das Geheimnis wurde vor weniger als 7 Tagen geändert, und das vorige gilt noch. Warten Sie, oder beenden Sie das alte jetzt.',
    replay_in_progress:
      'Ein früheres erneutes Senden an diesen Endpunkt läuft noch: Bis zu 5.000 Ereignisse je Minute werden eingereiht. Versuchen Sie es später erneut.',
  },
});
