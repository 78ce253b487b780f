import { inLanguages } from '../language.ts';

/** What the refusals of use cases mean, by their error code. `other`: all codes that are not named. */
export const refusalTexts = inLanguages({
  en: {
    CONNECT_ACCOUNT_MISSING: 'No Stripe account is connected yet. Connect one first: in the settings, under “Stripe”.',
    CONNECT_ACCOUNT_NOT_READY:
      'Stripe does not allow this for your account now. The settings, under “Stripe”, say why and what you can do.',
    idempotency_key_conflict:
      'This form was sent before with something else in it. Open its page again and fill it in anew.',
    limit_reached: 'You have as many of these as a workspace can have. Remove one first.',
    webhook_endpoint_disabled: 'This endpoint is switched off. Switch it on first: that also sends what it missed.',
    rotation_in_progress:
      'The secret was changed less than 7 days ago, and the one before it still works. Wait, or end the old one now if your server has the newest secret.',
    replay_in_progress:
      'An earlier replay to this endpoint is not finished: up to 5,000 events are queued a minute. Try again later.',
    other: 'Go back, load the page again, and try once more. If it is refused again, ask us.',
  },
  de: {
    CONNECT_ACCOUNT_MISSING:
      'Es ist noch kein Stripe-Konto verbunden. Verbinden Sie zuerst eines: in den Einstellungen unter „Stripe“.',
    CONNECT_ACCOUNT_NOT_READY:
      'Stripe erlaubt das für Ihr Konto derzeit nicht. In den Einstellungen unter „Stripe“ steht, warum und was Sie tun können.',
    idempotency_key_conflict:
      'Dieses Formular wurde schon einmal mit anderem Inhalt gesendet. Öffnen Sie seine Seite neu und füllen Sie es noch einmal aus.',
    limit_reached: 'Mehr davon kann ein Workspace nicht haben. Entfernen Sie zuerst eines.',
    webhook_endpoint_disabled:
      'Dieser Endpunkt ist ausgeschaltet. Schalten Sie ihn zuerst ein: Dann wird auch gesendet, was er verpasst hat.',
    rotation_in_progress:
      'Das Geheimnis wurde vor weniger als 7 Tagen geändert, und das vorige gilt noch. Warten Sie, oder beenden Sie das alte jetzt, wenn Ihr Server das neueste hat.',
    replay_in_progress:
      'Ein früheres erneutes Senden an diesen Endpunkt läuft noch: Bis zu 5.000 Ereignisse je Minute werden eingereiht. Versuchen Sie es später erneut.',
    other:
      'Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal. Wird es wieder abgelehnt, fragen Sie uns.',
  },
});
