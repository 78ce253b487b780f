import type { RouteDescription } from '../route-description.ts';
import { linkChange, listLinksQuery, newLink } from './requests.ts';
import { paymentLinkSchema, snippetSchema } from './responses.ts';

export const PAYMENT_LINK_ROUTES: readonly RouteDescription[] = [
  {
    method: 'get',
    path: '/payment-links',
    operationId: 'listPaymentLinks',
    summary: 'List payment links',
    description:
      'Returns the payment links of your workspace, newest first. To read a long list, use `cursor`: it is as fast on the last page as on the first.',
    scopes: ['service.payments.links.read'],
    success: { status: 200, schema: paymentLinkSchema(), description: 'A page of links.' },
    query: listLinksQuery,
  },
  {
    method: 'post',
    path: '/payment-links',
    operationId: 'createPaymentLink',
    summary: 'Create a payment link',
    description:
      'Creates a page that takes payments, as often as you allow. Share `data.url` anywhere. If you send an amount, the price is fixed. If you do not, send `amount_editable: true` or a minimum, and the buyer enters the amount. Every fault in the body has the code `validation_failed`.',
    scopes: ['service.payments.links.write'],
    request: [newLink],
    requestExample: {
      title: 'Studio deposit',
      description: '50% non-refundable booking deposit',
      currency: 'gbp',
      amount_cents: 5000,
    },
    success: { status: 201, schema: paymentLinkSchema(), description: 'The link.' },
  },
  {
    method: 'get',
    path: '/payment-links/{id}',
    operationId: 'getPaymentLink',
    summary: 'Read a payment link',
    description: 'Returns one payment link.',
    scopes: ['service.payments.links.read'],
    success: { status: 200, schema: paymentLinkSchema(), description: 'The link.' },
    id: 'token',
  },
  {
    method: 'patch',
    path: '/payment-links/{id}',
    operationId: 'updatePaymentLink',
    summary: 'Update a payment link',
    description:
      'Send only what you want to change. null clears a member that may be empty. `active: false` stops the link without deleting it. If the buyer enters the amount of this link, send `amount_editable: false` with a fixed amount. `currency` and `kind` cannot change.',
    scopes: ['service.payments.links.write'],
    request: [linkChange],
    requestExample: { title: 'Studio deposit (spring season)', amount_cents: 7500, active: true },
    success: { status: 200, schema: paymentLinkSchema(), description: 'The changed link.' },
    id: 'token',
  },
  {
    method: 'get',
    path: '/payment-links/{id}/snippet',
    operationId: 'getPaymentLinkSnippet',
    summary: 'Read the snippet of a payment link',
    description:
      'Returns what you need to share a link: an anchor for a website, a button for an e-mail, and the addresses of the QR code.',
    scopes: ['service.payments.links.read'],
    success: { status: 200, schema: snippetSchema(), description: 'HTML to paste, and the QR code.' },
    id: 'token',
  },
];
