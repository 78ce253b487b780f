import type Stripe from 'stripe';
import { toCheckoutSession, toRefund } from './convert.ts';
import { readStripeEvent, STRIPE_EVENT_TYPES } from './events.ts';
import {
  type Page,
  type PageOfTime,
  type StripeCheckoutSession,
  type StripeEventWithBody,
  StripeFailure,
  type StripeRefund,
} from './gateway.ts';

/** How many objects one page has: Stripe's maximum. */
const PAGE_SIZE = 100;
/** How many pages of a list are read at most. */
const MAX_PAGES = 25;

/** The parameters of a Stripe list. `created` is in whole seconds. */
function paramsOf({ from, to, after }: PageOfTime) {
  return {
    created: { gte: Math.floor(from / 1000), lte: Math.ceil(to / 1000) },
    limit: PAGE_SIZE,
    ...(after === null ? {} : { starting_after: after }),
  };
}

function nextOf(list: { readonly data: readonly { readonly id: string }[]; readonly has_more: boolean }) {
  return list.has_more ? (list.data.at(-1)?.id ?? null) : null;
}

/**
 * The newest session created from `from` to `to` (unix ms) for which `match` is true, or null. Throws StripeFailure if
 * the newest 2,500 do not match and there are more.
 */
export async function findCheckoutSession(
  stripe: Stripe,
  account: string,
  created: { readonly from: number; readonly to: number },
  match: (session: StripeCheckoutSession) => boolean,
): Promise<StripeCheckoutSession | null> {
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = paramsOf({ ...created, after });
    const list: Stripe.ApiList<Stripe.Checkout.Session> = await stripe.checkout.sessions.list(params, {
      stripeAccount: account,
    });
    const found = list.data.map(toCheckoutSession).find(match);
    if (found) return found;
    after = nextOf(list);
    if (after === null) return null;
  }
  throw new StripeFailure('unavailable', `Not found among ${MAX_PAGES * PAGE_SIZE} sessions, and there are more`);
}

/** A page of an account's Checkout sessions with their payment intents. Leaves out objects that lack a session's shape. */
export async function listCheckoutSessions(
  stripe: Stripe,
  account: string,
  page: PageOfTime,
): Promise<Page<StripeCheckoutSession>> {
  const params = { ...paramsOf(page), expand: ['data.payment_intent'] };
  const list = await stripe.checkout.sessions.list(params, { stripeAccount: account });
  return { items: list.data.flatMap(readableSession), next: nextOf(list) };
}

function readableSession(session: Stripe.Checkout.Session): StripeCheckoutSession[] {
  try {
    return [toCheckoutSession(session)];
  } catch {
    return [];
  }
}

/**
 * The types that are asked for. Not the deauthorization: as long as Stripe lists the account's events for us, we have
 * access, so a deauthorization in the list is over, or it is that of another application.
 */
const LISTED_TYPES = STRIPE_EVENT_TYPES.filter((type) => type !== 'account.application.deauthorized');

/**
 * A page of an account's events, only of the types that we handle, without deauthorizations
 * (docs.stripe.com/api/events/list). Stripe keeps 30 days.
 */
export async function listEvents(
  stripe: Stripe,
  account: string,
  page: PageOfTime,
): Promise<Page<StripeEventWithBody>> {
  const params = { ...paramsOf(page), types: [...LISTED_TYPES] };
  const list = await stripe.events.list(params, { stripeAccount: account });
  const items = list.data.flatMap((object) => {
    const event = readStripeEvent(object, account);
    return event ? [{ event, body: JSON.stringify(object) }] : [];
  });
  return { items, next: nextOf(list) };
}

/** All refunds of a payment intent, newest first. Throws StripeFailure where there are more than 2,500. */
export async function listRefunds(stripe: Stripe, account: string, paymentIntentId: string): Promise<StripeRefund[]> {
  const refunds: StripeRefund[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const list: Stripe.ApiList<Stripe.Refund> = await stripe.refunds.list(
      { payment_intent: paymentIntentId, limit: PAGE_SIZE, ...(after === null ? {} : { starting_after: after }) },
      { stripeAccount: account },
    );
    refunds.push(...list.data.map(toRefund));
    after = nextOf(list);
    if (after === null) return refunds;
  }
  throw new StripeFailure('unavailable', `More than ${MAX_PAGES * PAGE_SIZE} refunds of one payment`);
}
