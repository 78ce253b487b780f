import * as z from 'zod/mini';
import { documented } from '../documented.ts';

/** A payment link in answers. */
export const paymentLinkSchema = documented(
  z.object({
    id: documented(z.string(), { description: 'The token: lnk_…' }),
    title: z.string(),
    description: z.nullable(z.string()),
    kind: z.enum(['link', 'button']),
    amount_cents: documented(z.nullable(z.int()), { description: 'null: the buyer enters the amount.' }),
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
    url: documented(z.url(), { description: 'Share it, or wrap it in a plain anchor.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  }),
  { title: 'PaymentLink' },
);

export type PaymentLinkAnswer = z.output<typeof paymentLinkSchema>;
