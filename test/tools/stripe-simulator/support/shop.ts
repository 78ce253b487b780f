import type Stripe from 'stripe';
import { beforeEach } from 'vitest';
import * as z from 'zod';
import { BASE_URL, ENDPOINTS, type Harness, startHarness } from '../../../stripe-simulator/harness.ts';

export const ACCOUNT = 'acct_shop';
export const onAccount = { stripeAccount: ACCOUNT };
export const SUCCESS_URL = 'https://shop.example/done?session={CHECKOUT_SESSION_ID}';
export const CARD = {
  email: 'ann@example.com',
  card_number: '4242 4242 4242 4242',
  card_expiry: '12 / 39',
  card_cvc: '123',
  method: 'card',
};

/** The simulator of the running test; each test gets its own. */
export let harness: Harness;

/**
 * Gives each test of the file a new simulator with one account that can charge.
 *
 * @param start what `startHarness` gets.
 * @param account more fields of the account.
 */
export function useShop(start: Parameters<typeof startHarness>[0] = {}, account: object = {}): void {
  beforeEach(async () => {
    harness = startHarness(start);
    await harness.control('POST', '/_control/accounts', { id: ACCOUNT, charges_enabled: true, ...account });
  });
}

/** Valid parameters of a session, with some replaced; `object`, because many tests send what the SDK's types forbid. */
export function params(overrides: object = {}): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    success_url: SUCCESS_URL,
    cancel_url: 'https://shop.example/cart',
    line_items: [item('gbp', 1999)],
    ...overrides,
  };
}

/** One line item called `<Mug>`, so that a page which forgets to escape it shows. */
export function item(currency: string, amountMinor: number) {
  return { quantity: 1, price_data: { currency, unit_amount: amountMinor, product_data: { name: '<Mug>' } } };
}

/** Creates a session at the account with `params`. */
export function create(overrides: object = {}, at: Stripe.RequestOptions = onAccount) {
  return harness.stripe.checkout.sessions.create(params(overrides), at);
}

/** The version in which an account can have the Express dashboard without a liability of the platform. */
export const SINCE_EXPRESS = { apiVersion: '2026-11-18.endive' };

/** Valid parameters of an account in `/v2`. */
export const NEW_ACCOUNT = {
  contact_email: 'ann@example.com',
  display_name: 'Ann & Co',
  dashboard: 'express',
  identity: { country: 'GB' },
  configuration: { merchant: { capabilities: { card_payments: { requested: true } } } },
  defaults: {
    responsibilities: { fees_collector: 'stripe', losses_collector: 'stripe' },
    profile: { doing_business_as: 'Ann', business_url: 'https://ann.example' },
  },
  metadata: { workspace: 'w1' },
  include: ['configuration.merchant', 'requirements'],
} satisfies Stripe.V2.Core.AccountCreateParams;

/** Creates an account by `/v2` with `NEW_ACCOUNT`, some parameters replaced. */
export function createV2(overrides: object = {}): Promise<Stripe.V2.Core.Account> {
  return harness.stripe.v2.core.accounts.create({ ...NEW_ACCOUNT, ...overrides }, SINCE_EXPRESS);
}

/** Pays a session as a buyer would, through the simulator's control. */
export function pay(id: string, outcome: string, email?: string) {
  return harness.control('POST', `/_control/sessions/${id}/pay`, { outcome, ...(email ? { email } : {}) });
}

/** Sends a request to the simulator, as a browser would. */
export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return harness.simulator.fetch(new Request(`${BASE_URL}${path}`, init));
}

/** Sends the form of the hosted page, filled with a good card and an address. */
export function submit(id: string, fields: object = {}): Promise<Response> {
  const body = new URLSearchParams({ ...CARD, ...fields });
  return request(`/c/pay/${id}`, { method: 'POST', body, redirect: 'manual' });
}

const outboxSchema = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

/** The event requests held since the last call. */
export async function drain() {
  return outboxSchema.parse((await harness.control('GET', '/_control/outbox')).json).data;
}

/** The event of a held request, its signature verified with the SDK. */
export function verified(sent: { headers: Record<string, string>; body: string }, secret: string): Stripe.Event {
  return harness.stripe.webhooks.constructEvent(sent.body, sent.headers['stripe-signature'] ?? '', secret);
}

/** The types sent to the test endpoint since the last call. */
export async function sentTypes(): Promise<string[]> {
  const sent = (await drain()).filter(({ url }) => url === ENDPOINTS.test.url);
  return sent.map((one) => verified(one, ENDPOINTS.test.secret).type);
}
