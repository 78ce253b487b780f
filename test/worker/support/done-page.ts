import * as z from 'zod';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { accountOf, rowsOf } from './api.ts';
import { fetchWith, losingQueue } from './direct.ts';
import { openPage, type Page, pageOf, payPath, sendForm, type Visit, visit } from './pay-page.ts';
import { heldEvents, requestOf, stripePost } from './payments.ts';
import { type PayOutcome, pay } from './simulator.ts';
import type { TestWorkspace } from './workspace.ts';

/** A buyer has sent the form of a link and is at Stripe. Answers the Stripe session and our row. */
export async function atCheckout(
  shop: TestWorkspace,
  link: PaymentLink,
  query: Record<string, string> = {},
): Promise<{ session: string; id: number }> {
  const { fields } = await openPage(link, { query: `?${new URLSearchParams(query)}` });
  const response = await sendForm(link, { amount: '', ...fields });
  if (response.status !== 303) throw new Error(`The form was answered ${response.status}`);
  const row = (await rowsOf('payments', shop.workspace.id)).at(-1);
  return { session: String(row?.stripe_session_id), id: Number(row?.id) };
}

/** The buyer does this at Stripe, and its events reach us; the wake-up calls of our deliveries are lost. Answers the delivery ids. */
export async function settleQuietly(shop: TestWorkspace, session: string, outcome: PayOutcome): Promise<string[]> {
  await pay(session, outcome, 'ann@example.com');
  return await sendQuietly(shop);
}

/** The events that Stripe holds reach us; the wake-up calls of our deliveries are lost. Answers the delivery ids. */
export async function sendQuietly(shop: TestWorkspace): Promise<string[]> {
  const queue = losingQueue();
  for (const event of await heldEvents(shop)) {
    const response = await fetchWith({ DELIVERIES: queue }, requestOf(event));
    if (response.status !== 200) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
  }
  return queue.sent.map(({ deliveryId }) => deliveryId);
}

/** The done page of a session at a link. */
export async function donePage(link: { token: string }, session: string, as: Visit = {}): Promise<Page> {
  const { query = '', ...rest } = as;
  const asked = `?session_id=${encodeURIComponent(session)}${query}`;
  return await pageOf(await visit(`${payPath(link.token)}/done`, { ...rest, query: asked }));
}

const statusAnswer = z.strictObject({
  data: z.strictObject({ status: z.string(), continue_url: z.string().optional() }),
});

/** The status that the done page's script gets. */
export async function doneStatus(link: { token: string }, session: string) {
  const response = await visit(`${payPath(link.token)}/done/status`, {
    query: `?session_id=${encodeURIComponent(session)}`,
  });
  if (response.status !== 200) throw new Error(`The status was answered ${response.status}`);
  return statusAnswer.parse(await response.json()).data;
}

/** Where the done page lets the buyer go on to, or null. */
export function continueUrlOf(page: Page): URL | null {
  const href = /<a class="pay" href="([^"]*)"/.exec(page.html)?.[1];
  return href === undefined || href.startsWith('/') ? null : new URL(href.replaceAll('&amp;', '&'));
}

/** A refund is made at Stripe, and its events reach us. */
export async function refundQuietly(shop: TestWorkspace, id: number, amountMinor: number): Promise<void> {
  const row = (await rowsOf('payments', shop.workspace.id)).find((payment) => payment.id === id);
  await stripePost(accountOf(shop.account), '/v1/refunds', {
    payment_intent: String(row?.stripe_payment_intent_id),
    amount: String(amountMinor),
  });
  for (const event of await heldEvents(shop)) await fetchWith({ DELIVERIES: losingQueue() }, requestOf(event));
}
