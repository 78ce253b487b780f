import type { Mode } from '../../core/api-keys.ts';
import { inLanguages } from '../language.ts';
import type { Step } from './steps.ts';

interface StepTexts {
  readonly title: string;
  readonly text: string;
  /** The button that begins it. */
  readonly action: string;
  /** The link to what was made, once it is done. */
  readonly made: string;
}

interface ChecklistTexts {
  readonly welcome: (name: string) => string;
  readonly intro: Readonly<Record<Mode, string>>;
  /** The heading where the list stands below what came in. */
  readonly stillOpen: string;
  readonly doneOf: (done: number, all: number) => string;
  readonly done: string;
  readonly optional: string;
  readonly steps: Readonly<Record<Mode, Readonly<Record<Step, StepTexts>>>>;
  readonly testCard: string;
  readonly travels: string;
  readonly buyer: string;
  readonly buyerPays: (amount: string) => string;
  readonly stripeTakes: string;
  readonly bank: string;
  readonly bankGets: string;
  readonly zero: string;
  readonly code: string;
  readonly getKey: string;
  readonly codeText: string;
  readonly firstRequest: string;
}

const connect = { title: 'Connect Stripe', action: 'Connect Stripe', made: 'See your account' };
const link = {
  title: 'Make a payment link',
  text: 'One page, one price, one button. Share it as a link, as a QR code on the counter, or as a button on your website.',
  action: 'Make a link',
  made: 'See your links',
};
const webhook = {
  title: 'Add a webhook',
  text: 'For those who write code: your server gets an event for each payment, refund and dispute. Without a server you do not need it.',
  action: 'Add a webhook',
  made: 'See your webhooks',
};

const connectDe = { title: 'Stripe verbinden', action: 'Stripe verbinden', made: 'Ihr Konto ansehen' };
const linkDe = {
  title: 'Zahlungslink erstellen',
  text: 'Eine Seite, ein Preis, ein Knopf. Teilen Sie ihn als Link, als QR-Code auf dem Tresen oder als Knopf auf Ihrer Website.',
  action: 'Link erstellen',
  made: 'Ihre Links ansehen',
};
const webhookDe = {
  title: 'Webhook hinzufügen',
  text: 'Für alle, die programmieren: Ihr Server bekommt ein Ereignis für jede Zahlung, Erstattung und Anfechtung. Ohne Server brauchen Sie das nicht.',
  action: 'Webhook hinzufügen',
  made: 'Ihre Webhooks ansehen',
};

/** The steps to the first payment. */
export const checklistTexts = inLanguages<ChecklistTexts>({
  en: {
    welcome: (name) => `Welcome, ${name}`,
    intro: {
      sandbox: 'A few steps to your first payment, in any order. This is the sandbox: nothing is real yet.',
      live: 'The same steps as in the sandbox, now with real money. Buyers can pay once Stripe is connected.',
    },
    stillOpen: 'Still to do',
    doneOf: (done, all) => `${done} of ${all} done`,
    done: 'Done',
    optional: 'Optional',
    steps: {
      sandbox: {
        connect: {
          ...connect,
          text: 'Stripe takes the cards and pays your bank. In the sandbox a test account is enough.',
        },
        link,
        pay: {
          title: 'Take a test payment',
          text: 'Open your link and pay with this card, any date in the future and any three digits. The payment is here within seconds.',
          action: 'Open your links',
          made: 'See your payments',
        },
        webhook,
      },
      live: {
        connect: {
          ...connect,
          text: 'Stripe takes the cards and pays your bank. Have at hand what it asks for: your business, an identity document, your bank account. It goes to Stripe, never to us.',
        },
        link,
        pay: {
          title: 'Take your first payment',
          text: 'Share your link: send its address, print its QR code, or put its button on your website. The payment is here within seconds.',
          action: 'Share your link',
          made: 'See your payments',
        },
        webhook,
      },
    },
    testCard: 'Test card number',
    travels: 'How the money travels',
    buyer: 'Your buyer',
    buyerPays: (amount) => `pays on your page, for example ${amount}`,
    stripeTakes: 'takes the card, and keeps its own fee',
    bank: 'Your bank',
    bankGets: 'gets the rest with Stripe’s next payout',
    zero: 'It never passes through SoftSolz, and we take 0%.',
    code: 'Writing code?',
    getKey: 'Get a key',
    codeText: 'Put your key into SECRET_KEY and paste this. The answer has the address of a page to pay on.',
    firstRequest: 'Your first request',
  },
  de: {
    welcome: (name) => `Willkommen, ${name}`,
    intro: {
      sandbox:
        'Wenige Schritte zu Ihrer ersten Zahlung, in beliebiger Reihenfolge. Das ist die Sandbox: Noch ist nichts echt.',
      live: 'Dieselben Schritte wie in der Sandbox, jetzt mit echtem Geld. Käufer können zahlen, sobald Stripe verbunden ist.',
    },
    stillOpen: 'Noch zu tun',
    doneOf: (done, all) => `${done} von ${all} erledigt`,
    done: 'Erledigt',
    optional: 'Freiwillig',
    steps: {
      sandbox: {
        connect: {
          ...connectDe,
          text: 'Stripe nimmt die Karten an und zahlt an Ihre Bank aus. In der Sandbox genügt ein Testkonto.',
        },
        link: linkDe,
        pay: {
          title: 'Testzahlung annehmen',
          text: 'Öffnen Sie Ihren Link und zahlen Sie mit dieser Karte, einem beliebigen Datum in der Zukunft und drei beliebigen Ziffern. Die Zahlung ist in Sekunden hier.',
          action: 'Ihre Links öffnen',
          made: 'Ihre Zahlungen ansehen',
        },
        webhook: webhookDe,
      },
      live: {
        connect: {
          ...connectDe,
          text: 'Stripe nimmt die Karten an und zahlt an Ihre Bank aus. Halten Sie bereit, wonach es fragt: Ihr Unternehmen, ein Ausweis, Ihr Bankkonto. Das geht an Stripe, nie an uns.',
        },
        link: linkDe,
        pay: {
          title: 'Erste Zahlung annehmen',
          text: 'Teilen Sie Ihren Link: Senden Sie die Adresse, drucken Sie den QR-Code oder setzen Sie den Knopf auf Ihre Website. Die Zahlung ist in Sekunden hier.',
          action: 'Ihren Link teilen',
          made: 'Ihre Zahlungen ansehen',
        },
        webhook: webhookDe,
      },
    },
    testCard: 'Nummer der Testkarte',
    travels: 'So kommt das Geld zu Ihnen',
    buyer: 'Ihr Käufer',
    buyerPays: (amount) => `zahlt auf Ihrer Seite, zum Beispiel ${amount}`,
    stripeTakes: 'nimmt die Karte an und behält seine eigene Gebühr',
    bank: 'Ihre Bank',
    bankGets: 'bekommt den Rest mit der nächsten Auszahlung von Stripe',
    zero: 'Es geht nie durch SoftSolz, und wir nehmen 0 %.',
    code: 'Sie programmieren?',
    getKey: 'Schlüssel holen',
    codeText:
      'Setzen Sie Ihren Schlüssel in SECRET_KEY ein und fügen Sie das ein. Die Antwort hat die Adresse einer Seite zum Bezahlen.',
    firstRequest: 'Ihre erste Anfrage',
  },
});
