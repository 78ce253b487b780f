import { toRfc3339 } from '../../core/rfc3339.ts';
import type { PaymentLink } from '../../db/payment-links.ts';

/** The body with which the API makes the same link. Members with the value that they have anyway are left out. */
export function apiBodyOf(link: PaymentLink): Readonly<Record<string, unknown>> {
  const { amountMinor, minAmountMinor, suggestedAmountsMinor, expiresAt } = link;
  const price =
    amountMinor === null
      ? { amount_editable: true, min_amount_cents: minAmountMinor, suggested_amounts_cents: suggestedAmountsMinor }
      : { amount_cents: amountMinor };
  const members = {
    title: link.title,
    description: link.description,
    currency: link.currency.toLowerCase(),
    ...price,
    kind: link.kind === 'button' ? null : link.kind,
    active: link.active ? null : false,
    show_business_name: link.showBusinessName || null,
    button_color: link.buttonColor,
    button_text_color: link.buttonTextColor,
    expires_at: expiresAt === null ? null : toRfc3339(expiresAt),
    max_payments: link.maxPayments,
    success_url: link.successUrl,
    inactive_message: link.inactiveMessage,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
