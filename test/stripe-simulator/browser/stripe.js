// The part of Stripe.js that embedded Checkout needs (docs.stripe.com/js/embedded_checkout).
(() => {
  const base = new URL(document.currentScript.src).origin;
  let exists = false;

  class IntegrationError extends Error {
    name = 'IntegrationError';
  }

  function find(target) {
    const element = typeof target === 'string' ? document.querySelector(target) : target;
    if (element instanceof Element) return element;
    throw new IntegrationError(`checkout.mount needs an element or a selector of one: ${target} is neither.`);
  }

  function addressOf(clientSecret, { key, account }) {
    const url = new URL(`/embedded/${encodeURIComponent(clientSecret)}`, base);
    url.searchParams.set('key', key);
    if (account) url.searchParams.set('account', account);
    return url;
  }

  async function check(clientSecret, stripe) {
    if (typeof clientSecret !== 'string' || !/^cs_(test|live)_\w+_secret_\w+/.test(clientSecret)) {
      throw new IntegrationError('fetchClientSecret must give the client_secret of an embedded Checkout session.');
    }
    const url = addressOf(clientSecret, stripe);
    url.pathname += '/init';
    const response = await fetch(url, { credentials: 'omit' });
    const answer = await response.json();
    if (!response.ok) throw new IntegrationError(answer.error.message);
  }

  class EmbeddedCheckout {
    #address;
    #onComplete;
    #iframe = null;
    #destroyed = false;

    constructor(address, onComplete) {
      this.#address = address;
      this.#onComplete = onComplete;
      addEventListener('message', this.#receive);
    }

    mount(target) {
      this.#refuseDestroyed();
      const place = find(target);
      if (this.#iframe) throw new IntegrationError('This Checkout is mounted already: unmount it first.');
      const iframe = document.createElement('iframe');
      const url = new URL(this.#address);
      url.searchParams.set('origin', location.origin);
      iframe.src = url.href;
      iframe.name = 'embedded-checkout';
      iframe.title = 'Secure payment form';
      iframe.allow = 'payment *';
      Object.assign(iframe.style, {
        width: '100%',
        height: '640px',
        border: '0',
        display: 'block',
        colorScheme: 'auto',
      });
      place.append(iframe);
      this.#iframe = iframe;
    }

    unmount() {
      this.#refuseDestroyed();
      this.#iframe?.remove();
      this.#iframe = null;
    }

    destroy() {
      this.unmount();
      removeEventListener('message', this.#receive);
      this.#destroyed = true;
      exists = false;
    }

    #refuseDestroyed() {
      if (this.#destroyed) throw new IntegrationError('This Checkout was destroyed: create another one.');
    }

    #receive = ({ source, origin, data }) => {
      if (!this.#iframe || source !== this.#iframe.contentWindow || origin !== base) return;
      if (data?.source !== 'stripe-simulator') return;
      if (data.type === 'height') this.#iframe.style.height = `${data.height}px`;
      if (data.type !== 'complete') return;
      if (data.returnUrl) location.assign(data.returnUrl);
      else this.#onComplete?.();
    };
  }

  window.Stripe = function Stripe(key, { stripeAccount } = {}) {
    if (!/^pk_(test|live)_\w+$/.test(key)) {
      throw new IntegrationError('Stripe() needs a publishable key: pk_test_… or pk_live_….');
    }
    const stripe = { key, account: stripeAccount };
    return {
      async createEmbeddedCheckoutPage({ fetchClientSecret, clientSecret, onComplete }) {
        if (exists) throw new IntegrationError('You cannot have multiple Embedded Checkout objects.');
        exists = true;
        try {
          const secret = fetchClientSecret ? await fetchClientSecret() : clientSecret;
          await check(secret, stripe);
          return new EmbeddedCheckout(addressOf(secret, stripe), onComplete);
        } catch (error) {
          exists = false;
          throw error;
        }
      },
    };
  };
})();
