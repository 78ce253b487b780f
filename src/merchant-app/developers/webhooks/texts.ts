import { DISABLED_REASONS } from '../../../domain/webhooks/stored-texts.ts';
import { inLanguages, type Language } from '../../language.ts';

/** The list of endpoints, and the pages of one. */
export const endpointTexts = inLanguages({
  en: {
    endpoints: 'Endpoints',
    endpoint: 'Endpoint',
    intro: 'We send your server an event when something happens with a payment, and try for 24 hours until it answers.',
    add: 'Add an endpoint',
    address: 'Address',
    events: 'Events',
    everything: 'All',
    kinds: (count: number) => (count === 1 ? '1 kind of event' : `${count} kinds of events`),
    lastDelivered: 'Last delivered event',
    state: 'State',
    health: { healthy: 'Works', failing: 'Failing', unused: 'Not used yet', disabled: 'Off' },
    noneTitle: 'No endpoint yet',
    none: 'An endpoint is an address of your server. With it your server knows of a payment at once, also when the buyer closes the page.',

    failingSince: 'Every delivery has failed since:',
    failingMeans: 'After 5 days it is switched off. Open one of the deliveries below to see why.',
    offMeans:
      'This endpoint is switched off and gets nothing. When you switch it on, it also gets what it has missed, up to 30 days back.',
    reasons: {
      byOwner: 'It was switched off here or with your API.',
      gone: 'It answered 410 Gone, which means: send me nothing more.',
      failing: 'Every delivery to it failed for 5 days.',
    },
    ping: 'Send a test',
    edit: 'Edit',
    replay: 'Send again…',
    rotate: 'Change the secret',
    enable: 'Switch on',
    disable: 'Switch off',
    remove: 'Delete',
    description: 'Description',
    created: 'Created',

    newTitle: 'Add an endpoint',
    editTitle: 'Edit the endpoint',
    url: 'Address of your server',
    urlHint: 'An https address with a public host name, such as https://hooks.example.com/payments.',
    urlFault: 'Enter an address that begins with https:// and has a public host name, and no port but 443.',
    urlHttp: 'The address must begin with https://',
    which: 'Which events it gets',
    all: 'All, also those that we add later',
    some: 'Only those that you choose',
    eventsFault: 'Tick at least one kind of event.',
    descriptionHint: 'For you alone. It is shown nowhere else.',
    descriptionFault: 'The description may have at most 250 characters.',
    save: 'Save',

    freshTitle: 'Your endpoint is set up',
    secretOnce:
      'Copy the secret now into the settings of your server, which verifies with it that a request is from us. It is shown this once.',
    theSecret: 'The secret of the endpoint',
    next: 'Then send a test from the page of the endpoint.',
    toEndpoint: 'I have copied it',
    repeatedTitle: 'This was done already',
    repeated:
      'The same form came a second time and did nothing more. A secret is shown only once. If you did not copy it, change the secret.',
    repeatedRotation:
      'The same form came a second time and did nothing more. A secret is shown only once. If you did not copy it, nothing breaks yet: your server goes on with the old one. Change the secret again only when you can put the next one into your server at once, because the old one ends then. What your server refuses meanwhile is sent again.',
    rotatedTitle: 'The new secret',
    rotatedUntil: 'Until this time we sign with the old secret too:',

    rotateTitle: 'Change the secret?',
    rotateText:
      'You get a new secret, shown once. For 7 days we sign each event with both, so that your server can change over without losing one.',
    rotateBusy: 'The secret was changed a short time ago. The one before it still works until:',
    rotateForce: 'End that older secret now. A server that still has it refuses our events.',
    rotateButton: 'Change the secret',

    deleteTitle: 'Delete this endpoint?',
    deleteText:
      'Your server gets nothing more at this address. What waits for another try is given up. The list of its deliveries is gone. This cannot be undone: to pause it, switch it off.',
    deleteButton: 'Delete the endpoint',

    replayTitle: 'Send events again',
    replayText:
      'Sends the events of a time again to this endpoint, in any order. Their ids stay the same, so a server that remembers them does nothing twice.',
    since: 'From',
    until: 'Until',
    timeHint: (zone: string) => `Time zone: ${zone}. Events are kept for 30 days.`,
    untilHint: 'Empty: until now.',
    sinceFault: 'Give a time that is not later than the end.',
    untilFault: 'Give a time, or leave this empty.',
    toSend: 'Which events',
    missed: 'Those that did not arrive',
    failed: 'Only deliveries that were given up',
    pending: 'Only deliveries that wait',
    succeeded: 'Only deliveries that arrived',
    replayButton: 'Send again',

    queued: (count: string) => `Queued: ${count}. They arrive within a minute or so.`,
    enabled: (count: string) => `The endpoint is on. Missed events that are sent now: ${count}.`,
    saved: 'Saved.',
  },
  de: {
    endpoints: 'Endpunkte',
    endpoint: 'Endpunkt',
    intro:
      'Wir senden Ihrem Server ein Ereignis, wenn mit einer Zahlung etwas geschieht, und versuchen es 24 Stunden lang, bis er antwortet.',
    add: 'Endpunkt hinzufügen',
    address: 'Adresse',
    events: 'Ereignisse',
    everything: 'Alle',
    kinds: (count: number) => (count === 1 ? '1 Art von Ereignis' : `${count} Arten von Ereignissen`),
    lastDelivered: 'Letztes zugestelltes Ereignis',
    state: 'Stand',
    health: { healthy: 'Funktioniert', failing: 'Schlägt fehl', unused: 'Noch unbenutzt', disabled: 'Aus' },
    noneTitle: 'Noch kein Endpunkt',
    none: 'Ein Endpunkt ist eine Adresse Ihres Servers. Damit weiß Ihr Server sofort von einer Zahlung, auch wenn der Käufer die Seite schließt.',

    failingSince: 'Jede Zustellung schlägt fehl seit:',
    failingMeans: 'Nach 5 Tagen wird er ausgeschaltet. Öffnen Sie unten eine der Zustellungen, um den Grund zu sehen.',
    offMeans:
      'Dieser Endpunkt ist ausgeschaltet und bekommt nichts. Wenn Sie ihn einschalten, bekommt er auch, was er verpasst hat, bis zu 30 Tage zurück.',
    reasons: {
      byOwner: 'Er wurde hier oder mit Ihrer API ausgeschaltet.',
      gone: 'Er hat mit 410 Gone geantwortet, das heißt: Senden Sie mir nichts mehr.',
      failing: '5 Tage lang ist jede Zustellung an ihn fehlgeschlagen.',
    },
    ping: 'Test senden',
    edit: 'Bearbeiten',
    replay: 'Erneut senden …',
    rotate: 'Geheimnis ändern',
    enable: 'Einschalten',
    disable: 'Ausschalten',
    remove: 'Löschen',
    description: 'Beschreibung',
    created: 'Erstellt',

    newTitle: 'Endpunkt hinzufügen',
    editTitle: 'Endpunkt bearbeiten',
    url: 'Adresse Ihres Servers',
    urlHint: 'Eine https-Adresse mit öffentlichem Hostnamen, etwa https://hooks.example.com/payments.',
    urlFault:
      'Geben Sie eine Adresse ein, die mit https:// beginnt und einen öffentlichen Hostnamen hat, und keinen anderen Port als 443.',
    urlHttp: 'Die Adresse muss mit https:// beginnen',
    which: 'Welche Ereignisse er bekommt',
    all: 'Alle, auch solche, die später dazukommen',
    some: 'Nur die, die Sie auswählen',
    eventsFault: 'Kreuzen Sie mindestens eine Art von Ereignis an.',
    descriptionHint: 'Nur für Sie. Sie steht nirgends sonst.',
    descriptionFault: 'Die Beschreibung darf höchstens 250 Zeichen haben.',
    save: 'Speichern',

    freshTitle: 'Ihr Endpunkt ist eingerichtet',
    secretOnce:
      'Kopieren Sie das Geheimnis jetzt in die Einstellungen Ihres Servers: Damit prüft er, dass eine Anfrage von uns kommt. Es wird nur dieses eine Mal gezeigt.',
    theSecret: 'Das Geheimnis des Endpunkts',
    next: 'Senden Sie dann auf der Seite des Endpunkts einen Test.',
    toEndpoint: 'Ich habe es kopiert',
    repeatedTitle: 'Das ist schon geschehen',
    repeated:
      'Dasselbe Formular kam ein zweites Mal und hat nichts weiter bewirkt. Ein Geheimnis wird nur einmal gezeigt. Wenn Sie es nicht kopiert haben, ändern Sie das Geheimnis.',
    repeatedRotation:
      'Dasselbe Formular kam ein zweites Mal und hat nichts weiter bewirkt. Ein Geheimnis wird nur einmal gezeigt. Wenn Sie es nicht kopiert haben, bricht noch nichts: Ihr Server arbeitet mit dem alten weiter. Ändern Sie das Geheimnis erst dann noch einmal, wenn Sie das nächste sofort in Ihren Server einsetzen können, denn das alte endet dann. Was Ihr Server bis dahin ablehnt, wird erneut gesendet.',
    rotatedTitle: 'Das neue Geheimnis',
    rotatedUntil: 'Bis zu dieser Zeit signieren wir auch mit dem alten Geheimnis:',

    rotateTitle: 'Geheimnis ändern?',
    rotateText:
      'Sie bekommen ein neues Geheimnis, das einmal gezeigt wird. 7 Tage lang signieren wir jedes Ereignis mit beiden, sodass Ihr Server wechseln kann, ohne eines zu verlieren.',
    rotateBusy: 'Das Geheimnis wurde vor Kurzem geändert. Das vorige gilt noch bis:',
    rotateForce: 'Das ältere Geheimnis jetzt beenden. Ein Server, der es noch hat, lehnt unsere Ereignisse ab.',
    rotateButton: 'Geheimnis ändern',

    deleteTitle: 'Diesen Endpunkt löschen?',
    deleteText:
      'Ihr Server bekommt an dieser Adresse nichts mehr. Was auf einen weiteren Versuch wartet, wird aufgegeben. Die Liste seiner Zustellungen verschwindet. Das lässt sich nicht rückgängig machen: Für eine Pause schalten Sie ihn aus.',
    deleteButton: 'Endpunkt löschen',

    replayTitle: 'Ereignisse erneut senden',
    replayText:
      'Sendet die Ereignisse einer Zeit erneut an diesen Endpunkt, in beliebiger Reihenfolge. Ihre Kennungen bleiben gleich: Ein Server, der sie sich merkt, tut nichts doppelt.',
    since: 'Von',
    until: 'Bis',
    timeHint: (zone: string) => `Zeitzone: ${zone}. Ereignisse werden 30 Tage aufbewahrt.`,
    untilHint: 'Leer: bis jetzt.',
    sinceFault: 'Geben Sie eine Zeit an, die nicht nach dem Ende liegt.',
    untilFault: 'Geben Sie eine Zeit an, oder lassen Sie das leer.',
    toSend: 'Welche Ereignisse',
    missed: 'Die nicht angekommen sind',
    failed: 'Nur aufgegebene Zustellungen',
    pending: 'Nur wartende Zustellungen',
    succeeded: 'Nur Zustellungen, die ankamen',
    replayButton: 'Erneut senden',

    queued: (count: string) => `Eingereiht: ${count}. Sie kommen in etwa einer Minute an.`,
    enabled: (count: string) => `Der Endpunkt ist an. Verpasste Ereignisse, die jetzt gesendet werden: ${count}.`,
    saved: 'Gespeichert.',
  },
});

/** Why an endpoint is switched off, in the reader's language. A stored reason that is not known stays as it is. */
export function disabledReasonText(language: Language, reason: string | null): string {
  const known = (['byOwner', 'gone', 'failing'] as const).find((name) => DISABLED_REASONS[name] === reason);
  return known === undefined ? (reason ?? '') : endpointTexts[language].reasons[known];
}
