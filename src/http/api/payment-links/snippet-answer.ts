import * as z from 'zod/mini';
import { documented } from '../documented.ts';

/** Ready to paste. Members are named as the API answers them. */
export const snippetSchema = documented(
  z.object({
    anchor_html: documented(z.string(), { description: 'A plain anchor in one line, for a website.' }),
    email_html: documented(z.string(), { description: 'A button for an e-mail.' }),
    qr_svg_url: z.url(),
    qr_png_url: z.url(),
  }),
  { title: 'PaymentLinkSnippet' },
);

export type Snippet = z.output<typeof snippetSchema>;
