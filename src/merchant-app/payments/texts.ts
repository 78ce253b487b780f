import type { PaymentStatus } from '../../db/payments.ts';
import { inLanguages } from '../language.ts';

/** The states of a payment, in a word. */
type Statuses = Readonly<Record<PaymentStatus | 'refunded' | 'partially_refunded', string>>;

const english: Statuses = {
  created: 'Not paid yet',
  processing: 'Processing',
  succeeded: 'Paid',
  failed: 'Failed',
  expired: 'Never paid',
  refunded: 'Refunded',
  partially_refunded: 'Partly refunded',
};

const german: Statuses = {
  created: 'Noch nicht bezahlt',
  processing: 'In Bearbeitung',
  succeeded: 'Bezahlt',
  failed: 'Fehlgeschlagen',
  expired: 'Nie bezahlt',
  refunded: 'Erstattet',
  partially_refunded: 'Teilweise erstattet',
};

/** The list of payments, and what its pages have in common. */
export const paymentTexts = inLanguages({
  en: {
    title: 'Payments',
    intro: 'What your buyers have paid, newest first. The money is in your own Stripe account.',
    export: 'Export CSV',
    statuses: english,
    filters: 'Search and filter',
    search: 'E-mail, reference or number',
    status: 'Status',
    link: 'Link',
    newestLinks: (count: number) => `Link, the newest ${count}`,
    every: 'Any',
    from: 'From',
    to: 'To',
    show: 'Show',
    showAll: 'Show all',
    onlyOf: (link: string) => `Only payments of the link ${link}`,
    everyLink: 'Show all links',
    buyer: 'Buyer and what for',
    payment: (id: number) => `Payment ${id}`,
    when: 'When',
    today: (time: string) => `Today, ${time}`,
    amount: 'Amount',
    back: (amount: string) => `${amount} back`,
    emptyTitle: 'No payments yet',
    emptySandbox:
      'Take one now: open one of your links and pay with the card number 4242 4242 4242 4242, any date to come and any three digits. No money moves.',
    emptyLive: 'Share a link, or let your website make a checkout: each payment appears here within seconds.',
    toLinks: 'Go to your links',
    noneFoundTitle: 'No payment found',
    noneFound: 'The search takes a whole e-mail address, a whole reference, or the number of a payment.',
    noneHereTitle: 'None among these',
    noneHere: 'So far only the newest payments were looked through. There may be older ones: go on below.',
    all: 'All payments',
  },
  de: {
    title: 'Zahlungen',
    intro: 'Was Ihre Käufer bezahlt haben, neueste zuerst. Das Geld liegt auf Ihrem eigenen Stripe-Konto.',
    export: 'CSV exportieren',
    statuses: german,
    filters: 'Suchen und filtern',
    search: 'E-Mail, Referenz oder Nummer',
    status: 'Stand',
    link: 'Link',
    newestLinks: (count: number) => `Link, die neuesten ${count}`,
    every: 'Alle',
    from: 'Von',
    to: 'Bis',
    show: 'Zeigen',
    showAll: 'Alle zeigen',
    onlyOf: (link: string) => `Nur Zahlungen des Links ${link}`,
    everyLink: 'Alle Links zeigen',
    buyer: 'Käufer und wofür',
    payment: (id: number) => `Zahlung ${id}`,
    when: 'Wann',
    today: (time: string) => `Heute, ${time}`,
    amount: 'Betrag',
    back: (amount: string) => `${amount} zurück`,
    emptyTitle: 'Noch keine Zahlungen',
    emptySandbox:
      'Nehmen Sie jetzt eine an: Öffnen Sie einen Ihrer Links und bezahlen Sie mit der Kartennummer 4242 4242 4242 4242, einem künftigen Datum und drei beliebigen Ziffern. Es fließt kein Geld.',
    emptyLive:
      'Teilen Sie einen Link, oder lassen Sie Ihre Website einen Checkout anlegen: Jede Zahlung erscheint hier nach Sekunden.',
    toLinks: 'Zu Ihren Links',
    noneFoundTitle: 'Keine Zahlung gefunden',
    noneFound: 'Gesucht wird nach einer ganzen E-Mail-Adresse, einer ganzen Referenz oder der Nummer einer Zahlung.',
    noneHereTitle: 'Keine unter diesen',
    noneHere:
      'Bisher wurden nur die neuesten Zahlungen durchgesehen. Vielleicht gibt es ältere: Gehen Sie unten weiter.',
    all: 'Alle Zahlungen',
  },
});
