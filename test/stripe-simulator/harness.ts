import Stripe from 'stripe';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';

export const BASE_URL = 'http://localhost:12111';
export const ENDPOINTS = {
  test: { url: 'http://localhost:8787/api/stripe/events/test', secret: 'whsec_test' },
  live: { url: 'http://localhost:8787/api/stripe/events/live', secret: 'whsec_live' },
};

export interface Harness {
  simulator: Simulator;
  stripe: Stripe;
  liveStripe: Stripe;
  /** Sends JSON to a control or sink path and returns the answer's status and JSON. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
}

/** Starts a simulator in this process, with the official SDK as its client. Events are held unless the options say otherwise. */
export function startHarness(options: Partial<SimulatorOptions> = {}): Harness {
  const simulator = createSimulator({ baseUrl: BASE_URL, eventEndpoints: ENDPOINTS, holdEvents: true, ...options });
  return {
    simulator,
    stripe: sdkFor(simulator, 'sk_test_platform'),
    liveStripe: sdkFor(simulator, 'sk_live_platform'),
    control: async (method, path, body) => {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await simulator.fetch(new Request(`${BASE_URL}${path}`, { method, ...init }));
      const json: unknown = await response.json();
      return { status: response.status, json };
    },
  };
}

function sdkFor(simulator: Simulator, key: string): Stripe {
  const fetchFunction = (input: string | URL | Request, init?: RequestInit) =>
    simulator.fetch(new Request(input, init));
  return new Stripe(key, {
    host: 'localhost',
    port: 12111,
    protocol: 'http',
    maxNetworkRetries: 0,
    timeout: 10_000,
    httpClient: Stripe.createFetchHttpClient(fetchFunction),
  });
}

/** The error that the SDK throws when Stripe refuses a call. Throws any other error. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await call.then(
    () => new Error('The call was expected to be refused, and succeeded.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw error;
}
