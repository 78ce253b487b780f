import type { RouteDescription } from '../route-description.ts';
import { linkChange, listLinksQuery, newLink } from './requests.ts';
import { paymentLinkSchema, snippetSchema } from './responses.ts';

const link = {
  id: 'lnk_08f3c2a1b9dk4e6f7a0bc',
  title: 'Studio deposit',
  description: '50% non-refundable booking deposit',
  kind: 'button',
  amount_cents: 5000,
  min_amount_cents: null,
  suggested_amounts_cents: [],
  currency: 'GBP',
  amount_editable: false,
  active: true,
  show_business_name: false,
  button_color: null,
  button_text_color: null,
  expires_at: null,
  max_payments: null,
  success_url: null,
  inactive_message: null,
  url: 'https://app.softsolz.uk/pay/link/lnk_08f3c2a1b9dk4e6f7a0bc',
  created_at: '2026-05-19T18:00:00Z',
  updated_at: '2026-05-19T18:00:00Z',
};

const id = { description: 'The `id` of the payment link.', example: link.id };

const tag = 'Payment links';

export const PAYMENT_LINK_ROUTES: readonly RouteDescription[] = [
  {
    tag,
    method: 'get',
    path: '/payment-links',
    operationId: 'listPaymentLinks',
    summary: 'List payment links',
    description:
      'Returns the payment links of your workspace, newest first. To read a long list, use `cursor`: it is as fast on the last page as on the first.',
    scopes: ['service.payments.links.read'],
    success: { status: 200, schema: paymentLinkSchema(), description: 'A page of links.', example: link },
    query: listLinksQuery,
  },
  {
    tag,
    method: 'post',
    path: '/payment-links',
    operationId: 'createPaymentLink',
    summary: 'Create a payment link',
    description:
      'Creates a page that takes payments, as often as you allow. Share `data.url` anywhere. If you send an amount, the price is fixed. If you do not, send `amount_editable: true` or a minimum, and the buyer enters the amount. Every fault in the body has the code `validation_failed`.',
    scopes: ['service.payments.links.write'],
    request: [{ name: 'PaymentLinkRequest', schema: newLink }],
    requestExamples: {
      fixed: {
        summary: 'A fixed price',
        value: {
          title: 'Studio deposit',
          description: '50% non-refundable booking deposit',
          currency: 'gbp',
          amount_cents: 5000,
        },
      },
      open: {
        summary: 'The buyer enters the amount',
        value: {
          title: 'Tip jar',
          currency: 'gbp',
          amount_editable: true,
          min_amount_cents: 100,
          suggested_amounts_cents: [300, 500, 1000],
        },
      },
    },
    success: { status: 201, schema: paymentLinkSchema(), description: 'The link.', example: link },
  },
  {
    tag,
    method: 'get',
    path: '/payment-links/{id}',
    operationId: 'getPaymentLink',
    summary: 'Read a payment link',
    description: 'Returns one payment link.',
    scopes: ['service.payments.links.read'],
    success: { status: 200, schema: paymentLinkSchema(), description: 'The link.', example: link },
    id,
  },
  {
    tag,
    method: 'patch',
    path: '/payment-links/{id}',
    operationId: 'updatePaymentLink',
    summary: 'Update a payment link',
    description:
      'Send only what you want to change. null clears a member that may be empty. `active: false` stops the link without deleting it. If the buyer enters the amount of this link, send `amount_editable: false` with a fixed amount. `currency` and `kind` cannot change.',
    scopes: ['service.payments.links.write'],
    request: [{ name: 'PaymentLinkUpdate', schema: linkChange }],
    requestExamples: {
      change: {
        summary: 'Another title and price',
        value: { title: 'Studio deposit (spring season)', amount_cents: 7500, active: true },
      },
      stop: { summary: 'No new payments', value: { active: false } },
    },
    success: {
      status: 200,
      schema: paymentLinkSchema(),
      description: 'The changed link.',
      example: {
        ...link,
        title: 'Studio deposit (spring season)',
        amount_cents: 7500,
        updated_at: '2026-05-19T18:05:00Z',
      },
    },
    id,
  },
  {
    tag,
    method: 'get',
    path: '/payment-links/{id}/snippet',
    operationId: 'getPaymentLinkSnippet',
    summary: 'Read the snippet of a payment link',
    description:
      'Returns what you need to share a link: an anchor for a website, a button for an e-mail, and the addresses of the QR code.',
    scopes: ['service.payments.links.read'],
    success: {
      status: 200,
      schema: snippetSchema(),
      description: 'HTML to paste, and the QR code.',
      example: {
        anchor_html: `<a href="${link.url}" target="_blank" rel="noopener">Pay now</a>`,
        email_html: `<a href="${link.url}">Pay now</a>`,
        qr_svg_url: `${link.url}/qr.svg`,
        qr_png_url: `${link.url}/qr.png`,
      },
    },
    id,
  },
];
