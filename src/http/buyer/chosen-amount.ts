import type { PaymentLink } from '../../db/payment-links.ts';
import { amountLimitFault, readTypedAmount, type TypedAmount } from './amount-input.ts';
import type { Locale } from './locale.ts';

/**
 * The amount to charge, in minor units: the link's own, else the suggestion that the buyer chose, else what the buyer typed.
 * `suggested`: minor units as text, as a suggestion sends them; `amount`: as typed.
 */
export function chosenAmount(
  link: PaymentLink,
  { suggested, amount = '' }: { readonly suggested?: string | undefined; readonly amount?: string | undefined },
  locale: Locale,
): TypedAmount {
  if (link.amountMinor !== null) return { ok: true, amountMinor: link.amountMinor };
  const offered = link.suggestedAmountsMinor?.find((minor) => String(minor) === suggested);
  if (offered === undefined) return readTypedAmount(amount, locale, link.currency, link.minAmountMinor);
  const fault = amountLimitFault(offered, link.currency, link.minAmountMinor);
  return fault === null ? { ok: true, amountMinor: offered } : { ok: false, fault };
}
