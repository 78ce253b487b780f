import { signEvent } from './event-signature.ts';
import type { FaultBook } from './faults.ts';
import { randomText } from './ids.ts';
import type { Delivery, State, WireEvent } from './state.ts';

/** Seconds until the next attempt after the first, second, … failed one; the last repeats. */
const RETRY_AFTER_SECONDS = [2, 10, 30, 60, 300, 600];
const MAX_ATTEMPTS = 30;
const ATTEMPT_TIMEOUT_MS = 30_000;

export interface EventEndpoints {
  test: { url: string; secret: string };
  live: { url: string; secret: string };
}

/** A signed request that has not been sent. `GET /_control/outbox` returns it. */
export interface SignedRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface DeliveryOptions {
  state: State;
  faults: FaultBook;
  endpoints: EventEndpoints;
  hold: boolean;
  send: (request: Request) => Promise<Response>;
  /** Simulated time in ms: decides when a retry is due. */
  now: () => number;
  /** Real time in ms, for signatures: the receiver compares it with its own clock. */
  signingNow: () => number;
  changed: () => void;
}

/** Sends events to the platform's two Connect endpoints: at least once, with retries, and in any order across actions. */
export class EventDelivery {
  readonly #options: DeliveryOptions;
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #held: { account: string; delivery: Delivery }[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Sends the events of one action, with the faults for their account or for what they contain. */
  dispatch(account: string, events: WireEvent[]): void {
    const faults = this.#options.faults.settingsFor({ account, text: JSON.stringify(events) });
    if (faults.drop_events) return;
    const ordered = faults.reorder_events ? events.toReversed() : events;
    const sent = ordered.flatMap((event) => (faults.duplicate_events ? [event, event] : [event]));
    const deliveries = sent.flatMap((event) => this.#plan(event));
    if (this.#options.hold) {
      this.#held.push(...deliveries.map((delivery) => ({ account, delivery })));
      return;
    }
    for (const delivery of deliveries) this.#options.state.deliveries.set(delivery.id, delivery);
    this.#track(this.#attemptInOrder(deliveries));
  }

  /** Attempts every delivery whose time has come. */
  async retryDue(): Promise<void> {
    const due = [...this.#options.state.deliveries.values()].filter(
      (delivery) => delivery.nextAttemptAtMs <= this.#options.now() && !this.#inFlight.has(delivery.id),
    );
    await Promise.all(due.map((delivery) => this.#attempt(delivery)));
  }

  /** Returns the held requests, signed now, and forgets them. */
  async drain(account: string | undefined): Promise<SignedRequest[]> {
    const taken = this.#held.filter((held) => account === undefined || held.account === account);
    this.#held = this.#held.filter((held) => !taken.includes(held));
    const requests = await Promise.all(taken.map((held) => this.#sign(held.delivery)));
    return requests.filter((request) => request !== null);
  }

  forget(): void {
    this.#held = [];
    this.#options.state.deliveries.clear();
  }

  /** Aborts what is being sent. It stays due. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** Test events go to both endpoints, live events to the live one only (docs.stripe.com/connect/webhooks). */
  #plan(event: WireEvent): Delivery[] {
    const endpoints: ('test' | 'live')[] = event.livemode ? ['live'] : ['test', 'live'];
    const nextAttemptAtMs = this.#options.now();
    return endpoints.map((endpoint) => ({
      id: randomText(16),
      eventId: event.id,
      endpoint,
      attempts: 0,
      nextAttemptAtMs,
    }));
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async #attemptInOrder(deliveries: Delivery[]): Promise<void> {
    for (const delivery of deliveries) this.#inFlight.add(delivery.id);
    for (const delivery of deliveries) await this.#attempt(delivery);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    this.#inFlight.add(delivery.id);
    const accepted = !this.#stop.signal.aborted && (await this.#post(delivery));
    this.#inFlight.delete(delivery.id);
    if (this.#stop.signal.aborted && !accepted) return;
    delivery.attempts += 1;
    if (accepted || delivery.attempts >= MAX_ATTEMPTS) this.#finish(delivery, accepted);
    else delivery.nextAttemptAtMs = this.#options.now() + retryDelayMs(delivery.attempts);
    this.#options.changed();
  }

  async #post(delivery: Delivery): Promise<boolean> {
    const signed = await this.#sign(delivery);
    if (signed === null) return true;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    const request = new Request(signed.url, {
      method: 'POST',
      headers: signed.headers,
      body: signed.body,
      redirect: 'manual',
      signal,
    });
    try {
      const response = await this.#options.send(request);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  #finish(delivery: Delivery, accepted: boolean): void {
    const { deliveries, events } = this.#options.state;
    deliveries.delete(delivery.id);
    const event = events.get(delivery.eventId);
    if (!event || !accepted) return;
    const open = [...deliveries.values()].filter((other) => other.eventId === delivery.eventId);
    event.object.pending_webhooks = new Set(open.map((other) => other.endpoint)).size;
  }

  /** null: the event was deleted by a reset. */
  async #sign(delivery: Delivery): Promise<SignedRequest | null> {
    const event = this.#options.state.events.get(delivery.eventId)?.object;
    if (!event) return null;
    const endpoint = this.#options.endpoints[delivery.endpoint];
    const body = JSON.stringify(event, null, 2);
    const timestamp = Math.floor(this.#options.signingNow() / 1000);
    const headers = {
      accept: '*/*; q=0.5, application/xml',
      'cache-control': 'no-cache',
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': await signEvent(endpoint.secret, body, timestamp),
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    };
    return { url: endpoint.url, headers, body };
  }
}

function retryDelayMs(attempts: number): number {
  const index = Math.min(attempts, RETRY_AFTER_SECONDS.length) - 1;
  return (RETRY_AFTER_SECONDS[index] ?? 600) * 1000;
}
