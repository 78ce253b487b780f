import type { AccountState } from '../../core/account-state.ts';
import { inLanguages } from '../language.ts';

interface StateTexts {
  readonly title: string;
  readonly text: string;
}

interface StripeTexts {
  readonly title: string;
  readonly states: Readonly<Record<AccountState, StateTexts>>;
  /** Stripe is disconnected because the access was taken away at Stripe, not here. */
  readonly takenAway: StateTexts;
  readonly facts: Readonly<Record<'account' | 'country' | 'since' | 'cards' | 'payouts' | 'on' | 'off', string>>;
  readonly needsTitle: string;
  readonly documents: string;
  readonly country: string;
  readonly countryHint: string;
  readonly countryFault: string;
  readonly choose: string;
  readonly email: string;
  readonly emailHint: string;
  readonly emailFault: string;
  readonly connect: string;
  readonly goOn: string;
  readonly startOver: string;
  readonly dashboard: string;
  readonly check: string;
  readonly checked: string;
  readonly notChecked: string;
  readonly disconnect: string;
  readonly onlyAdmins: string;
  readonly sure: (name: string) => string;
  readonly sureText: string;
  readonly sureSandbox: string;
}

/** The page of the Stripe account. */
export const stripeTexts = inLanguages<StripeTexts>({
  en: {
    title: 'Stripe',
    states: {
      none: {
        title: 'No Stripe account yet',
        text: 'Buyers pay into your own Stripe account. Stripe takes the cards and pays your bank. We take 0%.',
      },
      started: { title: 'Stripe waits for your details', text: 'You can go on where you stopped. Nothing is lost.' },
      ready: { title: 'You can take payments', text: 'Money goes straight to your own Stripe account.' },
      payouts_held: {
        title: 'You can take payments, but Stripe pays nothing out',
        text: 'Stripe keeps the money until it has what it needs from you.',
      },
      action_needed: {
        title: 'Stripe needs something from you',
        text: 'Until then buyers cannot pay.',
      },
      in_review: {
        title: 'Stripe is checking your details',
        text: 'There is nothing you need to do. It often takes minutes, at times days.',
      },
      restricted: {
        title: 'Stripe has restricted this account',
        text: 'Look into your Stripe dashboard, or ask Stripe’s support.',
      },
      rejected: {
        title: 'Stripe has rejected this account',
        text: 'It takes no payments any more. You can begin again with another account.',
      },
      disconnected: { title: 'Stripe is disconnected', text: 'Buyers cannot pay. You can connect again at any time.' },
    },
    takenAway: {
      title: 'Access was taken away at Stripe',
      text: 'We can no longer reach your Stripe account, so buyers cannot pay. If you connect Stripe here, Stripe makes a new account.',
    },
    facts: {
      account: 'Account',
      country: 'Country',
      since: 'Connected',
      cards: 'Card payments',
      payouts: 'Payouts',
      on: 'On',
      off: 'Off',
    },
    needsTitle: 'What Stripe needs',
    documents: 'Documents go to Stripe, never to us.',
    country: 'Country of your business',
    countryHint: 'Where your business is registered. It cannot be changed later.',
    countryFault: 'Choose the country in which your business is registered. Stripe must be available there.',
    choose: 'Choose a country',
    email: 'E-mail of your business',
    emailHint: 'Stripe writes to it about your account.',
    emailFault: 'Enter an e-mail address, such as owner@example.com.',
    connect: 'Connect Stripe',
    goOn: 'Continue at Stripe',
    startOver: 'Begin again with a new account',
    dashboard: 'Open Stripe',
    check: 'Check again',
    checked: 'This is how Stripe has it now.',
    notChecked: 'Stripe did not answer just now. This is what it said last.',
    disconnect: 'Disconnect',
    onlyAdmins: 'Admins and owners can connect Stripe. Only owners can disconnect it.',
    sure: (name) => `Disconnect Stripe from ${name}?`,
    sureText:
      'All links stop taking payments at once. What buyers have open can still be paid for 31 minutes at most. Payments you have taken stay in Stripe, and you can still refund them.',
    sureSandbox: 'This is the sandbox: only test payments stop.',
  },
  de: {
    title: 'Stripe',
    states: {
      none: {
        title: 'Noch kein Stripe-Konto',
        text: 'Käufer zahlen auf Ihr eigenes Stripe-Konto. Stripe nimmt die Karten an und zahlt an Ihre Bank aus. Wir nehmen 0 %.',
      },
      started: {
        title: 'Stripe wartet auf Ihre Angaben',
        text: 'Sie können dort weitermachen, wo Sie aufgehört haben. Nichts ist verloren.',
      },
      ready: { title: 'Sie können Zahlungen annehmen', text: 'Das Geld geht direkt auf Ihr eigenes Stripe-Konto.' },
      payouts_held: {
        title: 'Sie können Zahlungen annehmen, aber Stripe zahlt nichts aus',
        text: 'Stripe behält das Geld, bis es von Ihnen hat, was es braucht.',
      },
      action_needed: { title: 'Stripe braucht etwas von Ihnen', text: 'Bis dahin können Käufer nicht zahlen.' },
      in_review: {
        title: 'Stripe prüft Ihre Angaben',
        text: 'Sie müssen nichts tun. Oft dauert es Minuten, manchmal Tage.',
      },
      restricted: {
        title: 'Stripe hat dieses Konto eingeschränkt',
        text: 'Sehen Sie in Ihr Stripe-Dashboard oder fragen Sie den Support von Stripe.',
      },
      rejected: {
        title: 'Stripe hat dieses Konto abgelehnt',
        text: 'Es nimmt keine Zahlungen mehr an. Sie können mit einem anderen Konto neu beginnen.',
      },
      disconnected: {
        title: 'Stripe ist getrennt',
        text: 'Käufer können nicht zahlen. Sie können jederzeit wieder verbinden.',
      },
    },
    takenAway: {
      title: 'Der Zugriff wurde bei Stripe entzogen',
      text: 'Wir erreichen Ihr Stripe-Konto nicht mehr, und Käufer können nicht zahlen. Wenn Sie Stripe hier verbinden, legt Stripe ein neues Konto an.',
    },
    facts: {
      account: 'Konto',
      country: 'Land',
      since: 'Verbunden',
      cards: 'Kartenzahlungen',
      payouts: 'Auszahlungen',
      on: 'An',
      off: 'Aus',
    },
    needsTitle: 'Was Stripe braucht',
    documents: 'Dokumente gehen an Stripe, nie an uns.',
    country: 'Land Ihres Unternehmens',
    countryHint: 'Wo Ihr Unternehmen eingetragen ist. Es lässt sich später nicht ändern.',
    countryFault: 'Wählen Sie das Land, in dem Ihr Unternehmen eingetragen ist. Dort muss es Stripe geben.',
    choose: 'Land wählen',
    email: 'E-Mail Ihres Unternehmens',
    emailHint: 'Dorthin schreibt Stripe zu Ihrem Konto.',
    emailFault: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel inhaber@example.com.',
    connect: 'Stripe verbinden',
    goOn: 'Bei Stripe weitermachen',
    startOver: 'Mit einem neuen Konto neu beginnen',
    dashboard: 'Stripe öffnen',
    check: 'Neu prüfen',
    checked: 'So steht es jetzt bei Stripe.',
    notChecked: 'Stripe hat gerade nicht geantwortet. Das hat es zuletzt gesagt.',
    disconnect: 'Trennen',
    onlyAdmins: 'Admins und Inhaber können Stripe verbinden. Nur Inhaber können es trennen.',
    sure: (name) => `Stripe von ${name} trennen?`,
    sureText:
      'Alle Links nehmen sofort keine Zahlungen mehr an. Was Käufer gerade offen haben, kann noch höchstens 31 Minuten bezahlt werden. Eingenommene Zahlungen bleiben bei Stripe, und Sie können sie weiter erstatten.',
    sureSandbox: 'Das ist die Sandbox: Nur Testzahlungen hören auf.',
  },
});
