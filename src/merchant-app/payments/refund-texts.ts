import { inLanguages } from '../language.ts';

/** The page that refunds a payment. */
export const refundTexts = inLanguages({
  en: {
    title: (buyer: string | null) => (buyer === null ? 'Refund this payment' : `Refund ${buyer}`),
    back: 'The payment',
    of: (left: string, paid: string) => (left === paid ? `${paid} was paid.` : `${paid} was paid, ${left} is left.`),
    amount: (currency: string) => `Amount in ${currency}`,
    upTo: (left: string) => `Up to ${left}. A refund cannot be taken back.`,
    reason: 'Reason',
    none: 'None',
    duplicate: 'Paid twice',
    fraudulent: 'Fraud',
    requested_by_customer: 'Asked by the buyer',
    own: 'In my own words',
    note: 'Your reason',
    noteHint: 'It is kept with the refund, for you. The buyer does not see it.',
    live: 'Real money leaves the balance of your Stripe account. The buyer has it in 5 to 10 days, on the card or account that paid. Stripe does not give its own fee back.',
    sandbox: 'This is the sandbox: no money moves. All else happens as with real money: your endpoints get an event.',
    submit: 'Refund',
    keep: 'Keep the money',
    faults: {
      empty: 'Enter an amount.',
      unreadable: (example: string) => `Enter an amount such as ${example}.`,
      tooMuch: (left: string) => `Enter at most ${left}: more is not left of this payment.`,
      refused: 'Stripe does not refund this amount. Perhaps less is left by now.',
      note: 'Enter one line of at most 250 characters.',
    },
    notDone: {
      form: 'Nothing was refunded. Check the amount and send the form again.',
      again:
        'Stripe did not answer in time, so it is not known yet what happened. Send this form again: it makes one refund at most.',
      stripe:
        'Nothing was refunded. Stripe refuses it: perhaps the buyer disputes this payment, or the balance of your Stripe account does not cover it. Look at Stripe, then try again.',
    },
    not: {
      account_gone:
        'This service has no access any more to the Stripe account that took this payment. Connect it again in the settings, or refund at Stripe.',
      nothing_left: 'All of this payment was given back already.',
      created: 'This is not paid yet. There is nothing to refund.',
      processing: 'The bank is still processing this payment. It can be refunded once it is paid.',
      failed: 'This payment failed. No money has come, so there is nothing to refund.',
      expired: 'This was never paid. There is nothing to refund.',
      succeeded: 'Stripe has not named this payment yet. Try again in a minute.',
    },
    notTitle: 'This cannot be refunded',
    asCurlHint: 'Send an Idempotency-Key with it: then a repeated request makes one refund.',
  },
  de: {
    title: (buyer: string | null) => (buyer === null ? 'Diese Zahlung erstatten' : `${buyer} erstatten`),
    back: 'Die Zahlung',
    of: (left: string, paid: string) =>
      left === paid ? `${paid} wurden bezahlt.` : `${paid} wurden bezahlt, ${left} sind übrig.`,
    amount: (currency: string) => `Betrag in ${currency}`,
    upTo: (left: string) => `Bis zu ${left}. Eine Erstattung lässt sich nicht zurücknehmen.`,
    reason: 'Grund',
    none: 'Keiner',
    duplicate: 'Doppelt bezahlt',
    fraudulent: 'Betrug',
    requested_by_customer: 'Wunsch des Käufers',
    own: 'In eigenen Worten',
    note: 'Ihr Grund',
    noteHint: 'Er wird mit der Erstattung aufbewahrt, für Sie. Der Käufer sieht ihn nicht.',
    live: 'Echtes Geld verlässt das Guthaben Ihres Stripe-Kontos. Der Käufer hat es in 5 bis 10 Tagen auf der Karte oder dem Konto, mit dem er bezahlt hat. Stripe gibt seine eigene Gebühr nicht zurück.',
    sandbox:
      'Das ist die Sandbox: Es fließt kein Geld. Alles andere geschieht wie mit echtem Geld: Ihre Endpunkte bekommen ein Ereignis.',
    submit: 'Erstatten',
    keep: 'Geld behalten',
    faults: {
      empty: 'Geben Sie einen Betrag ein.',
      unreadable: (example: string) => `Geben Sie einen Betrag wie ${example} ein.`,
      tooMuch: (left: string) => `Geben Sie höchstens ${left} ein: Mehr ist von dieser Zahlung nicht übrig.`,
      refused: 'Stripe erstattet diesen Betrag nicht. Vielleicht ist inzwischen weniger übrig.',
      note: 'Geben Sie eine Zeile mit höchstens 250 Zeichen ein.',
    },
    notDone: {
      form: 'Es wurde nichts erstattet. Prüfen Sie den Betrag und senden Sie das Formular erneut.',
      again:
        'Stripe hat nicht rechtzeitig geantwortet, daher ist noch nicht bekannt, was geschah. Senden Sie dieses Formular erneut: Es macht höchstens eine Erstattung.',
      stripe:
        'Es wurde nichts erstattet. Stripe lehnt es ab: Vielleicht ficht der Käufer diese Zahlung an, oder das Guthaben Ihres Stripe-Kontos reicht nicht. Sehen Sie bei Stripe nach und versuchen Sie es dann erneut.',
    },
    not: {
      account_gone:
        'Dieser Dienst hat keinen Zugang mehr zu dem Stripe-Konto, das diese Zahlung bekam. Verbinden Sie es in den Einstellungen erneut, oder erstatten Sie bei Stripe.',
      nothing_left: 'Diese Zahlung wurde bereits ganz erstattet.',
      created: 'Das ist noch nicht bezahlt. Es gibt nichts zu erstatten.',
      processing: 'Die Bank bearbeitet diese Zahlung noch. Sie kann erstattet werden, sobald sie bezahlt ist.',
      failed: 'Diese Zahlung ist fehlgeschlagen. Es ist kein Geld gekommen, also gibt es nichts zu erstatten.',
      expired: 'Das wurde nie bezahlt. Es gibt nichts zu erstatten.',
      succeeded: 'Stripe hat diese Zahlung noch nicht benannt. Versuchen Sie es in einer Minute erneut.',
    },
    notTitle: 'Das kann nicht erstattet werden',
    asCurlHint: 'Senden Sie einen Idempotency-Key mit: Dann macht eine wiederholte Anfrage nur eine Erstattung.',
  },
});
