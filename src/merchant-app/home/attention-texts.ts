import { inLanguages } from '../language.ts';

interface AttentionTexts {
  readonly toStripe: string;
  readonly failing: (host: string, since: string) => string;
  readonly failingText: string;
  readonly disabled: (host: string) => string;
  readonly disabledText: string;
  readonly toEndpoint: string;
  readonly dispute: (amount: string) => string;
  readonly disputeText: (day: string) => string;
  readonly toPayment: string;
  readonly moreDisputes: string;
  readonly moreDisputesText: string;
}

/** What needs the merchant. */
export const attentionTexts = inLanguages<AttentionTexts>({
  en: {
    toStripe: 'Your Stripe account',
    failing: (host, since) => `${host} has failed since ${since}.`,
    failingText: 'Its events wait, and we send them again.',
    disabled: (host) => `${host} was switched off.`,
    disabledText: 'It gets no events. Once you switch it on, it gets those that it has missed.',
    toEndpoint: 'See the endpoint',
    dispute: (amount) => `A buyer disputes ${amount}.`,
    disputeText: (day) => `Since ${day}. Answer in your Stripe dashboard, or the buyer gets the money back.`,
    toPayment: 'See the payment',
    moreDisputes: 'More disputes wait for your answer.',
    moreDisputesText: 'These are the oldest. Your Stripe dashboard lists all of them.',
  },
  de: {
    toStripe: 'Ihr Stripe-Konto',
    failing: (host, since) => `${host} schlägt seit ${since} fehl.`,
    failingText: 'Die Ereignisse warten, und wir senden sie erneut.',
    disabled: (host) => `Der Endpunkt ${host} wurde ausgeschaltet.`,
    disabledText: 'Er erhält keine Ereignisse. Sobald Sie ihn einschalten, erhält er die verpassten.',
    toEndpoint: 'Endpunkt ansehen',
    dispute: (amount) => `Ein Käufer ficht ${amount} an.`,
    disputeText: (day) =>
      `Seit ${day}. Antworten Sie in Ihrem Stripe-Dashboard, sonst bekommt der Käufer das Geld zurück.`,
    toPayment: 'Zahlung ansehen',
    moreDisputes: 'Weitere Anfechtungen warten auf Ihre Antwort.',
    moreDisputesText: 'Dies sind die ältesten. Ihr Stripe-Dashboard zeigt alle.',
  },
});
