import type { RouteDescription } from '../route-description.ts';
import { onboardingLink } from './requests.ts';
import { accountSchema, dashboardLinkSchema, onboardingLinkSchema } from './responses.ts';

const example = {
  state: 'action_needed',
  country: 'GB',
  charges_enabled: false,
  payouts_enabled: false,
  requirements: [
    {
      what: 'identity.individual.documents.primary_verification',
      due_at: '2026-05-22T18:00:00Z',
      awaiting: 'merchant',
      message: 'Stripe needs a photo of an identity or company document from you by 22 May 2026.',
    },
  ],
  dashboard: 'express',
  connected_at: '2026-05-19T18:00:00Z',
  livemode: false,
};

const READ = { tag: 'Account', scopes: ['service.payments.account.read'] } as const;
const WRITE = { tag: 'Account', scopes: ['service.payments.account.write'] } as const;

const URLS = {
  return_url: 'https://yoursite.com/stripe/return',
  refresh_url: 'https://yoursite.com/stripe/again',
};

export const ACCOUNT_ROUTES: readonly RouteDescription[] = [
  {
    ...READ,
    method: 'get',
    path: '/account',
    operationId: 'getAccount',
    summary: 'Retrieve the Stripe account',
    description:
      'Returns the Stripe account that your workspace is paid through, what it can do, and what Stripe still wants. It is read at Stripe whenever something changes there, and then `payments.account.updated` is sent. Your live workspace and your sandbox workspace each have an account of their own.',
    success: { status: 200, schema: accountSchema(), description: 'The account.', example },
  },
  {
    ...WRITE,
    method: 'post',
    path: '/account/onboarding-links',
    operationId: 'createOnboardingLink',
    neverStored: true,
    summary: 'Start or resume the onboarding at Stripe',
    description:
      "Makes a link to Stripe's own pages, where the merchant enters the details of the business. Without an account, the call first makes one: then `country` and `email` are needed. The link works once and for about ten minutes, so make it when the merchant clicks, and never store it: the same `Idempotency-Key` gives a new link to the same account, and makes no second one. Stripe sends the merchant back to `return_url` whether they have finished or not; only the account's `state` says how it stands. An account that you disconnected is connected again: if it can take payments at once, the answer is 200 with the account. A finished account is refused with `account_ready`. After Stripe has rejected an account, or its owner has taken your access away, only `start_over` helps: it makes a new account, and what was entered for the old one is not carried over.",
    request: [{ name: 'OnboardingLinkCreate', schema: onboardingLink }],
    requestExamples: {
      first: {
        summary: 'The first time',
        value: { country: 'GB', email: 'owner@yoursite.com', ...URLS },
      },
    },
    success: {
      status: 201,
      schema: onboardingLinkSchema(),
      description: 'The link.',
      example: { url: 'https://connect.stripe.com/setup/e/acct_1PaBcD/Rk2vG7', expires_at: '2026-05-19T18:10:00Z' },
    },
    otherSuccess: {
      status: 200,
      schema: accountSchema(),
      description: 'The account, connected again: it can take payments at once.',
      example: { ...example, state: 'ready', charges_enabled: true, payouts_enabled: true, requirements: [] },
    },
    errors: [
      'validation_failed',
      'invalid_url',
      'account_ready',
      'idempotency_key_conflict',
      'CONNECT_ACCOUNT_NOT_READY',
      'stripe_error',
      'service_unavailable',
    ],
  },
  {
    ...WRITE,
    method: 'post',
    path: '/account/dashboard-links',
    operationId: 'createDashboardLink',
    neverStored: true,
    summary: 'Open the dashboard at Stripe',
    description:
      'Returns the address of your dashboard at Stripe. That of an Express dashboard signs its visitor in, once: make it when the merchant clicks, and never store it. An `Idempotency-Key` has no effect here.',
    optionalBody: true,
    success: {
      status: 201,
      schema: dashboardLinkSchema(),
      description: 'The address.',
      example: { url: 'https://connect.stripe.com/express/acct_1PaBcD/kV3f' },
    },
    errors: ['CONNECT_ACCOUNT_MISSING', 'CONNECT_ACCOUNT_NOT_READY', 'stripe_error', 'service_unavailable'],
  },
  {
    ...WRITE,
    method: 'post',
    path: '/account/disconnect',
    operationId: 'disconnectAccount',
    summary: 'Disconnect the Stripe account',
    description:
      'Ends payments through your account at once. Checkout pages that are open can still be paid until they end. Refunds and disputes of earlier payments are still recorded, and you can still refund. A second call changes nothing. `POST /account/onboarding-links` connects the account again.',
    optionalBody: true,
    success: {
      status: 200,
      schema: accountSchema(),
      description: 'The disconnected account.',
      example: { ...example, state: 'disconnected', requirements: [] },
    },
    errors: ['CONNECT_ACCOUNT_MISSING'],
  },
];
