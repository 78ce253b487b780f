import { type EmbeddedSession, Refused } from './frame-data.ts';

/** As much of Stripe.js as is used (docs.stripe.com/js/embedded_checkout). */
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

/** Loads Stripe.js, once; after a failure it is tried anew. Throws Refused. */
export function loadStripe(address: string): Promise<void> {
  if (window.Stripe) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => (window.Stripe ? resolve() : reject(new Refused('stripe_js')));
    script.onerror = () => {
      script.remove();
      reject(new Refused('stripe_js'));
    };
    document.head.append(script);
  });
}

/** Shows Stripe's form in `#checkout`. `onComplete`: the buyer is done there; what came of it is the server's to say. */
export async function mountCheckout(
  session: EmbeddedSession & { readonly client_secret: string },
  onComplete: () => void,
): Promise<EmbeddedCheckout> {
  const stripe = window.Stripe?.(session.publishable_key, { stripeAccount: session.stripe_account });
  if (!stripe) throw new Refused('stripe_js');
  const checkout = await stripe.createEmbeddedCheckoutPage({
    fetchClientSecret: async () => session.client_secret,
    onComplete,
  });
  checkout.mount('#checkout');
  return checkout;
}
