import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import { linkUrl } from '../../../core/urls.ts';
import type { PaymentLink } from '../../../db/payment-links.ts';
import type { Snippet } from '../../buyer/snippet.ts';
import { documented } from '../fields.ts';

/** The schema of a payment link in answers. */
export const paymentLinkSchema = () =>
  documented(
    z.object({
      id: documented(z.string(), 'The token: lnk_…'),
      title: documented(z.string(), 'Shown to the buyer, and the line item at Stripe.'),
      description: documented(
        z.nullable(z.string()),
        'Shown to the buyer on the pay page. E-mail addresses in it are links.',
      ),
      kind: documented(z.enum(['link', 'button']), 'As you sent it. It changes nothing.'),
      amount_cents: documented(z.nullable(z.int()), 'null: the buyer enters the amount.'),
      min_amount_cents: documented(z.nullable(z.int()), 'The smallest amount that the buyer can enter.'),
      suggested_amounts_cents: documented(z.array(z.int()), 'Amounts that the buyer can choose with one tap.'),
      currency: z.string(),
      amount_editable: documented(z.boolean(), 'true: the buyer enters the amount.'),
      active: documented(z.boolean(), 'false: the link takes no new payments.'),
      show_business_name: documented(z.boolean(), 'true: buyers see the name of your workspace.'),
      button_color: documented(z.nullable(z.string()), 'In lower case. null: a dark button.'),
      button_text_color: documented(
        z.nullable(z.string()),
        'In lower case. null: black or white text, whichever reads better.',
      ),
      expires_at: documented(z.nullable(z.iso.datetime()), 'From this time on it takes no new payments.'),
      max_payments: documented(z.nullable(z.int()), 'How many payments it takes in all. null: no limit.'),
      success_url: documented(z.nullable(z.string()), 'Where the buyer is sent after the payment.'),
      inactive_message: documented(
        z.nullable(z.string()),
        'Shown to a buyer when the link no longer takes payments. E-mail addresses in it are links.',
      ),
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
      qr_svg_url: documented(z.url(), 'The QR code as SVG.'),
      qr_png_url: documented(z.url(), 'The QR code as PNG.'),
    }),
    { title: 'PaymentLinkSnippet' },
  );

type SnippetAnswer = z.output<ReturnType<typeof snippetSchema>>;

/** The snippet of a payment link as answers show it. */
export function presentSnippet({ anchorHtml, emailHtml, qrSvgUrl, qrPngUrl }: Snippet): SnippetAnswer {
  return { anchor_html: anchorHtml, email_html: emailHtml, qr_svg_url: qrSvgUrl, qr_png_url: qrPngUrl };
}
