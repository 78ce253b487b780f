import type { Refund } from '../../db/refunds.ts';
import { inLanguages } from '../language.ts';
import type { DisputeStep } from './dispute-step.ts';

/** A sentence in two parts: what happened, and what it means. */
type Sentence = readonly [string, string];

type RefundSentences = Readonly<Record<Refund['status'], Sentence>>;
type DisputeSentences = Readonly<Record<DisputeStep, Sentence>>;

/** What happened to a payment, as sentences. */
export const timelineTexts = inLanguages({
  en: {
    title: 'What happened',
    times: (zone: string) => `Times in ${zone}`,
    cut: 'The oldest events are not shown.',
    checkout: 'Checkout opened',
    byKey: (name: string) => `by your website or program, with the secret key ${name}.`,
    byLink: 'from the link',
    byButton: 'from the button',
    byUnknown: 'at Stripe.',
    payment: {
      created: ['Open.', 'The buyer has not paid yet.'],
      processing: ['The bank is processing the payment.', 'This can take days. Deliver only after it is paid.'],
      succeeded: ['Paid.', 'The money is in your Stripe account.'],
      failed: ['The payment failed.', 'No money has come.'],
      expired: ['Never paid.', 'The buyer did not pay in time.'],
    } satisfies Record<string, Sentence>,
    refund: (amount: string): RefundSentences => ({
      pending: [`Refund of ${amount} begun.`, 'Stripe is sending the money back.'],
      requires_action: [`Refund of ${amount} waits for the buyer.`, 'Stripe has asked them where to send it.'],
      succeeded: [`${amount} refunded.`, 'The buyer has it in 5 to 10 days.'],
      failed: [`Refund of ${amount} failed.`, 'It is in your Stripe account again. You can refund it again.'],
      canceled: [`Refund of ${amount} canceled.`, 'Nothing was given back.'],
    }),
    reason: 'Reason',
    stripeSays: 'Stripe says',
    reasons: { duplicate: 'paid twice', fraudulent: 'fraud', requested_by_customer: 'asked by the buyer' },
    dispute: (amount: string): DisputeSentences => ({
      answer: [
        `The buyer disputes ${amount} at their bank.`,
        'Answer at Stripe with proof, such as a receipt of delivery, before the deadline there. If you do not, the buyer gets the money. Do not refund it as well.',
      ],
      wait: [
        `The buyer disputes ${amount} at their bank.`,
        'The bank is looking at the answer. You need do nothing now.',
      ],
      opened: [`The buyer disputed ${amount} at their bank.`, ''],
      won: ['The dispute is decided for you.', 'You keep the money.'],
      lost: ['The dispute is decided for the buyer.', `${amount} went back.`],
      closed: ['The dispute is over.', ''],
    }),
    event: 'Event',
    noEndpoint: 'No endpoint was set up for it.',
    addEndpoint: 'Add one',
    deletedEndpoint: 'A deleted endpoint',
    delivered: (tries: number) => (tries === 1 ? 'has it' : `has it, after ${tries} tries`),
    waiting: 'is about to get it',
    failing: (tries: number) => (tries === 1 ? 'did not take it yet' : `did not take it ${tries} times`),
    nextTry: 'next try',
    givenUp: {
      unsubscribed: 'did not want it any more',
      endpoint_disabled: 'was switched off',
      endpoint_deleted: 'was deleted before it came',
      event_deleted: 'did not get it within 30 days',
      tries: (tries: number) => `did not take it, ${tries} times: we gave up`,
    },
    json: 'The event as JSON',
  },
  de: {
    title: 'Was geschah',
    times: (zone: string) => `Zeiten in ${zone}`,
    cut: 'Die ältesten Ereignisse werden nicht gezeigt.',
    checkout: 'Checkout geöffnet',
    byKey: (name: string) => `von Ihrer Website oder Ihrem Programm, mit dem geheimen Schlüssel ${name}.`,
    byLink: 'über den Link',
    byButton: 'über den Knopf',
    byUnknown: 'bei Stripe.',
    payment: {
      created: ['Offen.', 'Der Käufer hat noch nicht bezahlt.'],
      processing: ['Die Bank bearbeitet die Zahlung.', 'Das kann Tage dauern. Liefern Sie erst, wenn sie bezahlt ist.'],
      succeeded: ['Bezahlt.', 'Das Geld ist auf Ihrem Stripe-Konto.'],
      failed: ['Die Zahlung ist fehlgeschlagen.', 'Es ist kein Geld gekommen.'],
      expired: ['Nie bezahlt.', 'Der Käufer hat nicht rechtzeitig bezahlt.'],
    },
    refund: (amount: string): RefundSentences => ({
      pending: [`Erstattung von ${amount} begonnen.`, 'Stripe sendet das Geld zurück.'],
      requires_action: [
        `Erstattung von ${amount} wartet auf den Käufer.`,
        'Stripe hat ihn gefragt, wohin das Geld soll.',
      ],
      succeeded: [`${amount} erstattet.`, 'Der Käufer hat es in 5 bis 10 Tagen.'],
      failed: [
        `Erstattung von ${amount} fehlgeschlagen.`,
        'Das Geld ist wieder auf Ihrem Stripe-Konto. Sie können es erneut erstatten.',
      ],
      canceled: [`Erstattung von ${amount} abgebrochen.`, 'Es wurde nichts zurückgegeben.'],
    }),
    reason: 'Grund',
    stripeSays: 'Stripe sagt',
    reasons: { duplicate: 'doppelt bezahlt', fraudulent: 'Betrug', requested_by_customer: 'Wunsch des Käufers' },
    dispute: (amount: string): DisputeSentences => ({
      answer: [
        `Der Käufer ficht ${amount} bei seiner Bank an.`,
        'Antworten Sie bei Stripe mit Belegen, etwa einem Liefernachweis, vor der Frist, die dort steht. Sonst bekommt der Käufer das Geld. Erstatten Sie es nicht zusätzlich.',
      ],
      wait: [
        `Der Käufer ficht ${amount} bei seiner Bank an.`,
        'Die Bank prüft die Antwort. Sie müssen jetzt nichts tun.',
      ],
      opened: [`Der Käufer hat ${amount} bei seiner Bank angefochten.`, ''],
      won: ['Die Anfechtung ist für Sie entschieden.', 'Sie behalten das Geld.'],
      lost: ['Die Anfechtung ist für den Käufer entschieden.', `${amount} gingen zurück.`],
      closed: ['Die Anfechtung ist beendet.', ''],
    }),
    event: 'Ereignis',
    noEndpoint: 'Dafür war kein Endpunkt eingerichtet.',
    addEndpoint: 'Einen hinzufügen',
    deletedEndpoint: 'Ein gelöschter Endpunkt',
    delivered: (tries: number) => (tries === 1 ? 'hat es' : `hat es, nach ${tries} Versuchen`),
    waiting: 'bekommt es gleich',
    failing: (tries: number) => (tries === 1 ? 'nahm es noch nicht an' : `nahm es ${tries}-mal nicht an`),
    nextTry: 'nächster Versuch',
    givenUp: {
      unsubscribed: 'wollte es nicht mehr',
      endpoint_disabled: 'war ausgeschaltet',
      endpoint_deleted: 'wurde vorher gelöscht',
      event_deleted: 'bekam es nicht innerhalb von 30 Tagen',
      tries: (tries: number) => `nahm es ${tries}-mal nicht an: Wir haben aufgegeben`,
    },
    json: 'Das Ereignis als JSON',
  },
});
