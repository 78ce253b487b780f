import type { Scope } from '../../../core/scopes.ts';
import { inLanguages } from '../../language.ts';

/** What a key with each scope may do. */
export const scopeTexts = inLanguages<Readonly<Record<Scope, string>>>({
  en: {
    'service.payments.checkout.create': 'Start a checkout for any amount, and end it unpaid.',
    'service.payments.checkout.read': 'See how a checkout ended.',
    'service.payments.links.read': 'See payment links.',
    'service.payments.links.write': 'Make, change and switch off payment links.',
    'service.payments.payments.read': 'See payments, with the e-mail addresses of buyers.',
    'service.payments.refunds.create': 'Give money back.',
    'service.payments.webhooks.read': 'See endpoints, events and deliveries.',
    'service.payments.webhooks.write': 'Add, change and delete endpoints, and send events again.',
    'service.payments.profile.read': 'See the business profile.',
    'service.payments.profile.write': 'Change the business profile and the logo.',
    'service.payments.account.read': 'See the state of your Stripe account.',
    'service.payments.account.write': 'Connect and disconnect your Stripe account.',
    'service.payments.keys.write': 'Make, change and revoke public keys. No key makes secret keys.',
  },
  de: {
    'service.payments.checkout.create': 'Einen Checkout über jeden Betrag beginnen und unbezahlt beenden.',
    'service.payments.checkout.read': 'Sehen, wie ein Checkout ausging.',
    'service.payments.links.read': 'Zahlungslinks sehen.',
    'service.payments.links.write': 'Zahlungslinks erstellen, ändern und ausschalten.',
    'service.payments.payments.read': 'Zahlungen sehen, mit den E-Mail-Adressen der Käufer.',
    'service.payments.refunds.create': 'Geld erstatten.',
    'service.payments.webhooks.read': 'Endpunkte, Ereignisse und Zustellungen sehen.',
    'service.payments.webhooks.write': 'Endpunkte hinzufügen, ändern und löschen und Ereignisse erneut senden.',
    'service.payments.profile.read': 'Das Unternehmensprofil sehen.',
    'service.payments.profile.write': 'Das Unternehmensprofil und das Logo ändern.',
    'service.payments.account.read': 'Den Stand Ihres Stripe-Kontos sehen.',
    'service.payments.account.write': 'Ihr Stripe-Konto verbinden und trennen.',
    'service.payments.keys.write':
      'Öffentliche Schlüssel erstellen, ändern und widerrufen. Kein Schlüssel erstellt geheime Schlüssel.',
  },
});
