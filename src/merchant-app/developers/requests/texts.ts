import type { ErrorCode } from '../../../core/errors.ts';
import { inLanguages } from '../../language.ts';

/** The last requests with secret keys. */
export const requestTexts = inLanguages({
  en: {
    title: 'Requests',
    intro:
      'The last 100 requests with secret keys, newest first. How the latest one ended is sometimes known only after the next.',
    request: 'Request',
    answer: 'Answer',
    key: 'Key',
    when: 'When',
    requestId: 'Request id',
    unknownKey: 'a key that is not listed any more',
    open: 'not known yet',
    noneTitle: 'No requests yet',
    none: 'Send one with a secret key: the command below does.',
    reload: 'Look again',
    curlHint: 'With -i you also see the headers of the answer. Softsolz-Request-Id is the request id that stands here.',
  },
  de: {
    title: 'Anfragen',
    intro:
      'Die letzten 100 Anfragen mit geheimen Schlüsseln, neueste zuerst. Wie die letzte ausging, ist manchmal erst nach der nächsten bekannt.',
    request: 'Anfrage',
    answer: 'Antwort',
    key: 'Schlüssel',
    when: 'Wann',
    requestId: 'Anfrage-Kennung',
    unknownKey: 'ein Schlüssel, der nicht mehr gelistet ist',
    open: 'noch nicht bekannt',
    noneTitle: 'Noch keine Anfragen',
    none: 'Senden Sie eine mit einem geheimen Schlüssel: Der Befehl unten tut das.',
    reload: 'Erneut nachsehen',
    curlHint:
      'Mit -i sehen Sie auch die Header der Antwort. Softsolz-Request-Id ist die Anfrage-Kennung, die hier steht.',
  },
});

/** What an error code means for whoever sent the request. */
export const codeTexts = inLanguages<Readonly<Partial<Record<ErrorCode, string>>>>({
  en: {
    invalid_amount: 'Amounts are whole numbers in minor units: 49.99 is 4999.',
    invalid_currency: 'The currency must be a code that Stripe takes, such as "gbp".',
    invalid_url: 'A URL must be absolute, such as https://shop.example.com/thanks.',
    validation_failed: 'A member of the body or query is wrong. "details" in the answer names each.',
    service_inactive: 'The workspace is suspended. Ask us.',
    insufficient_scope: 'The key lacks the scope. Make one that has it.',
    not_found: 'Nothing with this id is in this workspace. Look whether the key is of the right mode.',
    method_not_allowed: 'This route has other methods. "Allow" in the answer names them.',
    CONNECT_ACCOUNT_MISSING: 'Connect a Stripe account first.',
    CONNECT_ACCOUNT_NOT_READY: 'The Stripe account cannot take payments yet. The settings say what is missing.',
    account_ready: 'The Stripe account is set up already.',
    idempotency_key_conflict: 'The same Idempotency-Key came with another body. Take a new one for a new request.',
    idempotency_key_in_use: 'The first request with this Idempotency-Key still runs. Send it again in a few seconds.',
    payment_link_inactive: 'The link is switched off or has expired.',
    payment_link_sold_out: 'The link is sold out.',
    checkout_session_not_open: 'The checkout is paid or being processed already.',
    payment_not_refundable: 'The payment is not paid, or nothing of it is left to refund.',
    rotation_in_progress: 'The secret was changed less than 7 days ago. "force" ends the old one.',
    replay_in_progress: 'An earlier replay is not finished.',
    webhook_endpoint_disabled: 'The endpoint is switched off. Switch it on first.',
    limit_reached: 'The workspace has as many of these as it can have.',
    payload_too_large: 'The body is longer than 64 KB.',
    unsupported_media_type: 'Send JSON with "Content-Type: application/json", not compressed.',
    rate_limit_exceeded: 'More requests in a minute than the key may send. Wait as long as Retry-After says.',
    stripe_error: 'Stripe refused. The answer has the reason.',
    service_unavailable: 'Send the same request again, with the same Idempotency-Key.',
    internal_error: 'Our fault. Send the same request again, and send us the request id if it fails again.',
  },
  de: {
    invalid_amount: 'Beträge sind ganze Zahlen in kleinsten Einheiten: 49,99 ist 4999.',
    invalid_currency: 'Die Währung muss ein Code sein, den Stripe nimmt, etwa "eur".',
    invalid_url: 'Eine URL muss absolut sein, wie https://shop.example.com/danke.',
    validation_failed: 'Ein Feld des Bodys oder der Query ist falsch. "details" in der Antwort nennt jedes.',
    service_inactive: 'Der Workspace ist gesperrt. Fragen Sie uns.',
    insufficient_scope: 'Dem Schlüssel fehlt das Recht. Erstellen Sie einen, der es hat.',
    not_found: 'In diesem Workspace ist nichts mit dieser Kennung. Sehen Sie nach, ob der Schlüssel zum Modus passt.',
    method_not_allowed: 'Diese Route hat andere Methoden. "Allow" in der Antwort nennt sie.',
    CONNECT_ACCOUNT_MISSING: 'Verbinden Sie zuerst ein Stripe-Konto.',
    CONNECT_ACCOUNT_NOT_READY:
      'Das Stripe-Konto kann noch keine Zahlungen annehmen. Die Einstellungen sagen, was fehlt.',
    account_ready: 'Das Stripe-Konto ist schon eingerichtet.',
    idempotency_key_conflict:
      'Derselbe Idempotency-Key kam mit einem anderen Body. Nehmen Sie für eine neue Anfrage einen neuen.',
    idempotency_key_in_use:
      'Die erste Anfrage mit diesem Idempotency-Key läuft noch. Senden Sie sie in ein paar Sekunden erneut.',
    payment_link_inactive: 'Der Link ist ausgeschaltet oder abgelaufen.',
    payment_link_sold_out: 'Der Link ist ausverkauft.',
    checkout_session_not_open: 'Der Checkout ist schon bezahlt oder in Bearbeitung.',
    payment_not_refundable: 'Die Zahlung ist nicht bezahlt, oder es ist nichts mehr zu erstatten.',
    rotation_in_progress: 'Das Geheimnis wurde vor weniger als 7 Tagen geändert. "force" beendet das alte.',
    replay_in_progress: 'Ein früheres erneutes Senden läuft noch.',
    webhook_endpoint_disabled: 'Der Endpunkt ist ausgeschaltet. Schalten Sie ihn zuerst ein.',
    limit_reached: 'Der Workspace hat davon so viele, wie er haben kann.',
    payload_too_large: 'Der Body ist länger als 64 KB.',
    unsupported_media_type: 'Senden Sie JSON mit "Content-Type: application/json", unkomprimiert.',
    rate_limit_exceeded:
      'Mehr Anfragen in einer Minute, als der Schlüssel senden darf. Warten Sie so lange, wie Retry-After sagt.',
    stripe_error: 'Stripe hat abgelehnt. Die Antwort nennt den Grund.',
    service_unavailable: 'Senden Sie dieselbe Anfrage mit demselben Idempotency-Key erneut.',
    internal_error:
      'Unser Fehler. Senden Sie dieselbe Anfrage erneut, und nennen Sie uns die Kennung, wenn sie wieder fehlschlägt.',
  },
});
