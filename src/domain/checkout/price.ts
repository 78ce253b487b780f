import { ApiError, type ErrorDetail, faultsError } from '../../core/errors.ts';
import { type Money, minorToDecimal, resolveAmount } from '../../core/money/money.ts';
import { findPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';
import { closedReason, linkRefusalError } from '../links/readiness.ts';

/** What a session is to cost: named by the request, or by a payment link and, where the link leaves it open, the request. */
export type PriceRequest =
  | { readonly kind: 'ad_hoc'; readonly price: Money }
  | { readonly kind: 'link'; readonly token: string; readonly amount_cents: unknown; readonly amount: unknown };

/** The link of a token, which takes payments. Throws `not_found` for no link of this workspace, and `payment_link_inactive`. */
export async function findOpenLink(context: Context, token: string): Promise<PaymentLink> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) {
    throw new ApiError('not_found', 'payment_link_token: no payment link with this token in your workspace.');
  }
  const closed = closedReason(link, context.now());
  if (closed) throw linkRefusalError(closed);
  return link;
}

/** The price of a new session of a link. Throws `invalid_amount` for an amount that the link does not take. */
export function priceOfLink(link: PaymentLink, request: { amount_cents: unknown; amount: unknown }): Money {
  if (link.amountMinor !== null) return { amountMinor: link.amountMinor, currency: link.currency };
  const resolved = resolveAmount(request, link.currency);
  if (!resolved.ok) {
    throw faultsError(
      resolved.faults.map(
        (fault): ErrorDetail => ({ path: fault.field, code: 'invalid_amount', message: fault.message }),
      ),
    );
  }
  if (link.minAmountMinor !== null && resolved.amountMinor < link.minAmountMinor) {
    const minimum = `${minorToDecimal(link.minAmountMinor, link.currency)} ${link.currency}`;
    const message = `amount_cents must be at least ${link.minAmountMinor} (${minimum}), this link's minimum.`;
    throw faultsError([{ path: 'amount_cents', code: 'invalid_amount', message }]);
  }
  return { amountMinor: resolved.amountMinor, currency: link.currency };
}
