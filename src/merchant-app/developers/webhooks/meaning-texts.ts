import { inLanguages } from '../../language.ts';

/** What the outcome of an attempt means, and what to do. */
export const meaningTexts = inLanguages({
  en: {
    delivered: 'Your server took it. There is nothing to do.',
    refused:
      'Your server refused the request. Often it verifies the signature with another secret, or with a body that your code has parsed and written again. Compare the secret, or change it, and let our address through any login or firewall.',
    missing:
      'Your server has nothing at this address. Compare the path with the route of your server, or edit the endpoint.',
    method: 'Your server does not take POST at this address. Webhooks are POST requests.',
    gone: 'Your server said 410 Gone, so we switched the endpoint off. If that was a mistake, correct it and switch the endpoint on.',
    tooLarge: 'Your server takes no request of this size. Raise the limit for what it takes at this address.',
    tooMany: 'Your server had too many requests. We wait as long as its Retry-After says, at most 24 hours.',
    rejected:
      'Your server did not accept the request. Its answer below says more. It must answer with 2xx once it has stored the event.',
    redirect:
      'Your server redirects, and we follow no redirect. Give the address at which it ends: mind www, http and a slash at the end.',
    failed:
      'Your server failed while it handled the event. Look for the time of the try in its log. The beginning of its answer is below.',
    timeout:
      'Your server did not answer within 10 seconds. Store the event, answer 200 at once, and do the work afterwards.',
    tls: 'The secure connection failed. Look whether the certificate has run out, names this host, and comes with its intermediate certificates.',
    unreachable:
      'We could not reach your server. Look whether it runs, whether its name resolves, and whether a firewall keeps us out.',
    notSent: 'We sent nothing, because the address of the endpoint is not allowed. Edit the endpoint.',
  },
  de: {
    delivered: 'Ihr Server hat es angenommen. Es ist nichts zu tun.',
    refused:
      'Ihr Server hat die Anfrage abgelehnt. Oft prüft er die Signatur mit einem anderen Geheimnis oder mit einem Body, den Ihr Code geparst und neu geschrieben hat. Vergleichen Sie das Geheimnis, oder ändern Sie es, und lassen Sie uns durch Anmeldung und Firewall.',
    missing:
      'Ihr Server hat an dieser Adresse nichts. Vergleichen Sie den Pfad mit der Route Ihres Servers, oder bearbeiten Sie den Endpunkt.',
    method: 'Ihr Server nimmt an dieser Adresse kein POST. Webhooks sind POST-Anfragen.',
    gone: 'Ihr Server antwortete mit 410 Gone, darum haben wir den Endpunkt ausgeschaltet. War das ein Versehen, beheben Sie es, und schalten Sie den Endpunkt ein.',
    tooLarge:
      'Ihr Server nimmt keine Anfrage dieser Größe. Erhöhen Sie die Grenze für das, was er an dieser Adresse nimmt.',
    tooMany:
      'Ihr Server hatte zu viele Anfragen. Wir warten so lange, wie sein Retry-After sagt, höchstens 24 Stunden.',
    rejected:
      'Ihr Server hat die Anfrage nicht angenommen. Seine Antwort unten sagt mehr. Er muss mit 2xx antworten, sobald er das Ereignis gespeichert hat.',
    redirect:
      'Ihr Server leitet weiter, und wir folgen keiner Weiterleitung. Geben Sie die Adresse an, bei der sie endet: Achten Sie auf www, http und einen Schrägstrich am Ende.',
    failed:
      'Ihr Server ist an dem Ereignis gescheitert. Suchen Sie die Zeit des Versuchs in seinem Protokoll. Der Anfang seiner Antwort steht unten.',
    timeout:
      'Ihr Server hat nicht innerhalb von 10 Sekunden geantwortet. Speichern Sie das Ereignis, antworten Sie sofort mit 200, und arbeiten Sie danach.',
    tls: 'Die sichere Verbindung kam nicht zustande. Sehen Sie nach, ob das Zertifikat abgelaufen ist, diesen Host nennt und mit seinen Zwischenzertifikaten kommt.',
    unreachable:
      'Wir konnten Ihren Server nicht erreichen. Sehen Sie nach, ob er läuft, ob sein Name auflösbar ist und ob eine Firewall uns abhält.',
    notSent:
      'Wir haben nichts gesendet, weil die Adresse des Endpunkts nicht erlaubt ist. Bearbeiten Sie den Endpunkt.',
  },
});

/** How a delivery stands, and why, besides the outcome of its last attempt. */
export const standingTexts = inLanguages({
  en: {
    waiting: 'It is queued and goes out within seconds. Look again for the answer.',
    again: 'We try again by ourselves:',
    givenUp: 'All tries have failed, so we try no more. Correct the cause, then send it again.',
    failures: {
      unsubscribed: 'It was given up: the endpoint does not get this kind of event any more.',
      endpoint_disabled: 'It was given up: the endpoint was switched off. When you switch it on, this is sent again.',
      endpoint_deleted: 'It was given up: the endpoint was deleted.',
      event_deleted: 'It was given up: the event is no longer kept.',
    },
  },
  de: {
    waiting: 'Es ist eingereiht und geht in Sekunden hinaus. Sehen Sie für die Antwort erneut nach.',
    again: 'Wir versuchen es selbst erneut:',
    givenUp:
      'Alle Versuche sind fehlgeschlagen, darum versuchen wir es nicht mehr. Beheben Sie die Ursache, und senden Sie es dann erneut.',
    failures: {
      unsubscribed: 'Aufgegeben: Der Endpunkt bekommt diese Art von Ereignis nicht mehr.',
      endpoint_disabled:
        'Aufgegeben: Der Endpunkt wurde ausgeschaltet. Wenn Sie ihn einschalten, wird es erneut gesendet.',
      endpoint_deleted: 'Aufgegeben: Der Endpunkt wurde gelöscht.',
      event_deleted: 'Aufgegeben: Das Ereignis wird nicht mehr aufbewahrt.',
    },
  },
});
