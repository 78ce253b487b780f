import type { Mode } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import { chargeableAccount } from '../../domain/context.ts';
import { closedReason } from '../../domain/links/closed-reason.ts';
import type { Config } from '../../env.ts';

export interface OpenLink {
  readonly link: PaymentLink;
  /** The connected account that is paid. */
  readonly stripeAccountId: string;
}

/**
 * The link that a widget is to take money for, and the account. Throws `not_found`, `payment_link_inactive`,
 * `CONNECT_ACCOUNT_MISSING`, `CONNECT_ACCOUNT_NOT_READY`. Whether a place is left is the gate's business.
 */
export function requireOpenLink(embed: EmbedAuthority, now: number): OpenLink {
  const { link } = embed;
  if (!link) throw new ApiError('not_found', "No payment link with this token in this key's workspace.");
  const closed = closedReason(link, now);
  if (closed) {
    const why = closed === 'expired' ? 'has expired' : 'is switched off';
    throw new ApiError('payment_link_inactive', `This payment link ${why} and takes no new payments.`);
  }
  return { link, stripeAccountId: chargeableAccount(embed).stripeAccountId };
}

/** Refuses a link whose payments are all made. */
export function refuseSoldOut(link: PaymentLink): void {
  if (link.soldOutAt !== null) throw soldOut();
}

export function soldOut(): ApiError {
  return new ApiError('payment_link_sold_out', 'This payment link takes no more payments.');
}

/** No place is free, and some may be again: their sessions are still open. */
export function allHeld(): ApiError {
  return new ApiError('payment_link_sold_out', 'All places of this payment link are taken for now. Try again soon.', {
    headers: { 'Retry-After': '60' },
  });
}

/** What Stripe.js in a browser needs of the platform. Throws `service_unavailable` where the operators have not set it up. */
export function publishableKeyOf(config: Config, mode: Mode, requestId: string): string {
  const key = config.stripe[mode]?.publishableKey;
  if (key) return key;
  const name = config.stripe[mode] ? 'STRIPE_PUBLISHABLE_KEY' : 'STRIPE_SECRET_KEY';
  const variable = `${name}_${mode === 'live' ? 'LIVE' : 'TEST'}`;
  logLine('error', 'configuration', { request_id: requestId, faults: [`${variable} is missing`] });
  throw unavailable(`The widget is not set up for ${mode} payments.`);
}
