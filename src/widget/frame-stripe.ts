import type { EmbeddedSession } from '../contract/embed-api.ts';
import { Refused } from './frame-api.ts';

/** What we use of Stripe.js (docs.stripe.com/js/embedded_checkout). */
interface EmbeddedCheckout {
  mount(selector: string): void;
  destroy(): void;
}
interface Stripe {
  createEmbeddedCheckoutPage(options: {
    fetchClientSecret(): Promise<string>;
    onComplete(): void;
  }): Promise<EmbeddedCheckout>;
}

declare global {
  interface Window {
    Stripe?: (publishableKey: string, options: { stripeAccount: string }) => Stripe;
  }
}

/** After this time Stripe.js or its form counts as not loaded. */
const TIMEOUT_MS = 20_000;

function inTime<Value>(wanted: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Refused('stripe_js')), TIMEOUT_MS);
    wanted.then(resolve, reject);
  });
}

let loading: Promise<void> | undefined;

/** Loads Stripe.js once. Throws Refused after 20 seconds: the next call tries again. */
export function loadStripe(address: string): Promise<void> {
  loading ??= insertStripe(address).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function insertStripe(address: string): Promise<void> {
  const script = document.createElement('script');
  const loaded = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
  });
  script.src = address;
  document.head.append(script);
  await inTime(loaded).catch(() => script.remove());
  if (!window.Stripe) throw new Refused('stripe_js');
}

/** After this time the element with Stripe's form is shown, although no frame in it has loaded. */
const SHOWN_MS = 5_000;

/** Stripe's form in the element `#checkout`. */
export interface MountedCheckout {
  destroy(): void;
  /** Resolves when the form can be shown. */
  readonly loaded: Promise<unknown>;
}

/**
 * Puts Stripe's form into the element `#checkout`. Calls `onComplete` when the buyer has finished the form: the result
 * of the payment is not known then. Throws Refused if Stripe does not open the session in 20 seconds.
 */
export async function mountCheckout(
  session: EmbeddedSession & { readonly client_secret: string },
  onComplete: () => void,
): Promise<MountedCheckout> {
  const stripe = window.Stripe?.(session.publishable_key, { stripeAccount: session.stripe_account });
  if (!stripe) throw new Refused('stripe_js');
  const checkout = await inTime(
    stripe.createEmbeddedCheckoutPage({ fetchClientSecret: async () => session.client_secret, onComplete }),
  );
  const loaded = new Promise((resolve) => {
    // `load` of a frame does not bubble, but the elements around it can capture it.
    document.querySelector('#checkout')?.addEventListener('load', resolve, { capture: true, once: true });
    setTimeout(resolve, SHOWN_MS);
  });
  checkout.mount('#checkout');
  return { destroy: () => checkout.destroy(), loaded };
}
