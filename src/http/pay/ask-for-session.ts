import { type PayLink, type PayLinkResult, payLink } from '../../domain/checkout/pay-link.ts';
import type { Context } from '../../domain/context.ts';
import { StripeFailure } from '../../stripe/gateway.ts';

/** Stripe takes no payment of this amount: its own limits, after conversion to the account's currency. */
export interface AmountRefused {
  readonly kind: 'amount_refused';
}

/** A buyer's session, with what Stripe refuses of it told apart. Throws ApiError for the account's states, and StripeFailure. */
export async function askForSession(context: Context, input: PayLink): Promise<PayLinkResult | AmountRefused> {
  try {
    return await payLink(context, input);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    if (error.kind === 'invalid_amount') return { kind: 'amount_refused' };
    if (error.kind !== 'invalid_email' || input.customerEmail === null) throw error;
    // Stripe does not take the address that the link brought: the buyer enters theirs at Checkout.
    return await askForSession(context, { ...input, customerEmail: null });
  }
}
