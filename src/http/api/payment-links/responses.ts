import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import { linkUrl } from '../../../core/urls.ts';
import type { PaymentLink } from '../../../db/payment-links.ts';
import { documented } from '../fields.ts';

/** The schema of a payment link in answers. */
export const paymentLinkSchema = () =>
  documented(
    z.object({
      id: documented(z.string(), 'The token: lnk_…'),
      title: z.string(),
      description: z.nullable(z.string()),
      kind: z.enum(['link', 'button']),
      amount_cents: documented(z.nullable(z.int()), 'null: the buyer enters the amount.'),
      min_amount_cents: z.nullable(z.int()),
      suggested_amounts_cents: z.array(z.int()),
      currency: z.string(),
      amount_editable: z.boolean(),
      active: z.boolean(),
      show_business_name: z.boolean(),
      button_color: z.nullable(z.string()),
      button_text_color: z.nullable(z.string()),
      expires_at: z.nullable(z.iso.datetime()),
      max_payments: z.nullable(z.int()),
      success_url: z.nullable(z.string()),
      inactive_message: z.nullable(z.string()),
      url: documented(z.url(), 'The address of the pay page. Share it, or link to it.'),
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
    }),
    { title: 'PaymentLink' },
  );

type PaymentLinkAnswer = z.output<ReturnType<typeof paymentLinkSchema>>;

/** A payment link as answers show it. `publicUrl`: the address of this service. */
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

/** The schema of the HTML and addresses with which a merchant shares a payment link. */
export const snippetSchema = () =>
  documented(
    z.object({
      anchor_html: documented(z.string(), 'An anchor in one line, for a website.'),
      email_html: documented(z.string(), 'A button for an e-mail.'),
      qr_svg_url: z.url(),
      qr_png_url: z.url(),
    }),
    { title: 'PaymentLinkSnippet' },
  );

export type Snippet = z.output<ReturnType<typeof snippetSchema>>;
