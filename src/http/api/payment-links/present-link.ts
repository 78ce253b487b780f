import { toRfc3339 } from '../../../core/rfc3339.ts';
import { linkUrl } from '../../../core/urls.ts';
import type { PaymentLink } from '../../../db/payment-links.ts';
import type { PaymentLinkAnswer } from './answer.ts';

/** A payment link as every answer shows it. */
export function presentLink(publicUrl: string, link: PaymentLink): PaymentLinkAnswer {
  return {
    id: link.token,
    title: link.title,
    description: link.description,
    kind: link.kind,
    amount_cents: link.amountMinor,
    min_amount_cents: link.minAmountMinor,
    suggested_amounts_cents: link.suggestedAmountsMinor ?? [],
    currency: link.currency,
    amount_editable: link.amountMinor === null,
    active: link.active,
    show_business_name: link.showBusinessName,
    button_color: link.buttonColor,
    button_text_color: link.buttonTextColor,
    expires_at: link.expiresAt === null ? null : toRfc3339(link.expiresAt),
    max_payments: link.maxPayments,
    success_url: link.successUrl,
    inactive_message: link.inactiveMessage,
    url: linkUrl(publicUrl, link.token),
    created_at: toRfc3339(link.createdAt),
    updated_at: toRfc3339(link.updatedAt),
  };
}
