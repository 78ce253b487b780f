import type Stripe from 'stripe';

const WALLETS = ['apple_pay', 'google_pay'] as const;

/**
 * Registers a host for wallets on a connected account. Stripe checks a host when it is registered first; one that was
 * inactive then is checked again here. Returns why wallets are inactive, or null if they are active. Source:
 * docs.stripe.com/api/payment_method_domains/validate.
 */
export async function registerPaymentMethodDomain(
  stripe: Stripe,
  account: string,
  domain: string,
): Promise<string | null> {
  const options = { stripeAccount: account };
  const registered = await stripe.paymentMethodDomains.create({ domain_name: domain }, options);
  if (faultOf(registered) === null) return null;
  return faultOf(await stripe.paymentMethodDomains.validate(registered.id, {}, options));
}

/** The wallets that are inactive on a registered host, each with Stripe's reason. null: all are active. */
function faultOf(domain: Stripe.PaymentMethodDomain): string | null {
  const faults = WALLETS.filter((wallet) => domain[wallet].status !== 'active').map(
    (wallet) => `${wallet} is inactive: ${domain[wallet].status_details?.error_message ?? 'Stripe gave no reason'}`,
  );
  return faults.length === 0 ? null : faults.join('; ');
}
