import type { EventType } from '../../domain/webhooks/event-types.ts';
import { inLanguages } from '../language.ts';

/** What each type of event says. */
export const eventTypeTexts = inLanguages<Readonly<Record<EventType, string>>>({
  en: {
    'payments.payment.succeeded': 'The money has arrived.',
    'payments.payment.failed': 'A payment has failed.',
    'payments.payment.processing': 'A bank is still processing a payment.',
    'payments.payment.refunded': 'A payment was refunded, in part or whole.',
    'payments.refund.failed': 'A refund did not arrive.',
    'payments.checkout.expired': 'A checkout ended unpaid.',
    'payments.dispute.opened': 'A buyer disputes a payment at their bank.',
    'payments.dispute.closed': 'A dispute is decided.',
    'payments.link.exhausted': 'A link is sold out.',
    'payments.account.updated': 'Your Stripe account can do more or less than before.',
    'webhook.endpoint.disabled': 'Another endpoint was switched off.',
    'webhook.ping': 'A test that you sent.',
  },
  de: {
    'payments.payment.succeeded': 'Das Geld ist angekommen.',
    'payments.payment.failed': 'Eine Zahlung ist fehlgeschlagen.',
    'payments.payment.processing': 'Eine Bank bearbeitet eine Zahlung noch.',
    'payments.payment.refunded': 'Eine Zahlung wurde ganz oder teilweise erstattet.',
    'payments.refund.failed': 'Eine Erstattung kam nicht an.',
    'payments.checkout.expired': 'Ein Checkout endete unbezahlt.',
    'payments.dispute.opened': 'Ein Käufer ficht eine Zahlung bei seiner Bank an.',
    'payments.dispute.closed': 'Eine Anfechtung ist entschieden.',
    'payments.link.exhausted': 'Ein Link ist ausverkauft.',
    'payments.account.updated': 'Ihr Stripe-Konto kann mehr oder weniger als zuvor.',
    'webhook.endpoint.disabled': 'Ein anderer Endpunkt wurde ausgeschaltet.',
    'webhook.ping': 'Ein Test, den Sie gesendet haben.',
  },
});
