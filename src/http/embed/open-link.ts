import type { Mode } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import { linkRefusal, linkRefusalError } from '../../domain/links/readiness.ts';
import type { Config } from '../../env.ts';

/**
 * The link that a widget shows. Throws `not_found`, `payment_link_inactive`, `CONNECT_ACCOUNT_MISSING`,
 * `CONNECT_ACCOUNT_NOT_READY` and `payment_link_sold_out`. `now`: unix ms.
 */
export function openLink(embed: EmbedAuthority, now: number): PaymentLink {
  const link = linkForForm(embed, now);
  if (link.soldOutAt !== null) throw linkRefusalError('sold_out');
  return link;
}

/** The same for a form that was sent: of a link without places only its gate knows whether the form has one. */
export function linkForForm({ link, workspace, account }: EmbedAuthority, now: number): PaymentLink {
  if (!link) throw new ApiError('not_found', "No payment link with this token in this key's workspace.");
  const refusal = linkRefusal({ link, workspace, account }, now);
  if (refusal && refusal !== 'sold_out') throw linkRefusalError(refusal);
  return link;
}

/** Stripe's publishable key of a mode. Throws `service_unavailable` where the operators have not set it up. */
export function publishableKeyOf(config: Config, mode: Mode, requestId: string): string {
  const key = config.stripe[mode]?.publishableKey;
  if (key) return key;
  const name = config.stripe[mode] ? 'STRIPE_PUBLISHABLE_KEY' : 'STRIPE_SECRET_KEY';
  const variable = `${name}_${mode === 'live' ? 'LIVE' : 'TEST'}`;
  logLine('error', 'configuration', { request_id: requestId, faults: [`${variable} is missing`] });
  throw unavailable(`The widget is not set up for ${mode} payments.`);
}
