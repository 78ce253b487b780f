/** Where the worker tests' simulated outside world stands, and the configuration that points the Worker at it. */
export const SIMULATED = {
  stripeUrl: 'http://localhost:12111',
  /** Further Stripes, whose clocks tests may move: two test files that run at the same time need one each. */
  travellingStripeUrls: Array.from({ length: 20 }, (_, index) => `http://localhost:${12_112 + index}`),
  events: {
    test: { url: 'http://localhost:8787/api/stripe/events/test', secret: 'whsec_stripe_test_events' },
    live: { url: 'http://localhost:8787/api/stripe/events/live', secret: 'whsec_stripe_live_events' },
  },
  variables: {
    PUBLIC_URL: 'http://localhost:8787',
    SECRETS_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    OPERATOR_TOKEN: 'operator-token-of-the-worker-tests',
    ALLOW_LOCAL_WEBHOOKS: 'true',
    STRIPE_API_BASE: 'http://localhost:12111',
    STRIPE_SECRET_KEY_TEST: 'sk_test_simulated_platform',
    STRIPE_SECRET_KEY_LIVE: 'sk_live_simulated_platform',
    STRIPE_JS_URL: 'http://localhost:12111/stripe.js',
    STRIPE_PUBLISHABLE_KEY_TEST: 'pk_test_simulated_platform',
    STRIPE_PUBLISHABLE_KEY_LIVE: 'pk_live_simulated_platform',
    STRIPE_WEBHOOK_SECRET_TEST: 'whsec_stripe_test_events',
    STRIPE_WEBHOOK_SECRET_LIVE: 'whsec_stripe_live_events',
  },
} as const;
