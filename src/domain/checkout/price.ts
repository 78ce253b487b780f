import { ApiError, inputError } from '../../core/errors.ts';
import { type Money, minorToDecimal } from '../../core/money/money.ts';
import { judgeAmount, type RequestedAmount } from '../../core/money/requested-amount.ts';
import { findPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';
import { closedReason, linkRefusalError } from '../links/readiness.ts';

/** What a session is to cost: named by the request, or by a payment link and, where the link leaves it open, the request. */
export type PriceRequest =
  | { readonly kind: 'ad_hoc'; readonly price: Money }
  | { readonly kind: 'link'; readonly token: string; readonly amount: RequestedAmount | null };

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

/**
 * The price of a session of this link: the link's own, or where the buyer decides it the amount that the request names.
 * Throws `invalid_amount` for an amount that the link does not take.
 */
export function priceOfLink(link: PaymentLink, amount: RequestedAmount | null): Money {
  const { currency, minAmountMinor } = link;
  if (link.amountMinor !== null) return { amountMinor: link.amountMinor, currency };
  if (amount === null)
    throw wrongAmount('amountMinor', 'is required: a positive integer in minor units, for example 4999.');
  const judged = judgeAmount(amount, currency);
  if (!judged.ok) throw wrongAmount(amount.field, judged.problem);
  const { amountMinor } = judged;
  if (amountMinor === null) throw new TypeError('An amount in a known currency has a value');
  if (minAmountMinor !== null && amountMinor < minAmountMinor) {
    const minimum = `${minorToDecimal(minAmountMinor, currency)} ${currency}`;
    throw wrongAmount(amount.field, `must be at least ${minAmountMinor} (${minimum}), this link's minimum.`);
  }
  return { amountMinor, currency };
}

function wrongAmount(field: string, problem: string): ApiError {
  return inputError([{ field, code: 'invalid_amount', problem }]);
}
