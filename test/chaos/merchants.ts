import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Answer, type ClientCounts, untilAnswered } from './client.ts';
import type { Repeated } from './evidence.ts';
import type { Random } from './random.ts';
import type { Receivers } from './receivers.ts';
import type { Shop } from './shop.ts';

const succeeded = z.object({
  type: z.literal('payments.payment.succeeded'),
  data: z.object({ payment_id: z.int(), amount_cents: z.int() }),
});

/** A request with an idempotency key, and its answers. */
class KeyedRequest implements Repeated {
  readonly name: string;
  readonly answers: Answer[] = [];
  readonly url: string;
  readonly body: string;

  constructor(name: string, url: string, body: object) {
    this.name = name;
    this.url = url;
    this.body = JSON.stringify(body);
  }
}

export interface MerchantOptions {
  readonly apiUrl: string;
  readonly shop: Shop;
  readonly random: Random;
  readonly counts: ClientCounts;
  readonly receivers: Receivers;
}

/** The servers of a shop: they make checkout sessions and refunds, and send a request again with its key until its outcome is known. */
export class Merchants {
  readonly orders: KeyedRequest[] = [];
  readonly refunds: KeyedRequest[] = [];
  /** How many answers after the first one of a request were no replays of a stored answer. */
  rebuilt = 0;
  readonly #options: MerchantOptions;

  constructor(options: MerchantOptions) {
    this.#options = options;
  }

  /** All requests that were sent, for the judge. */
  get repeated(): readonly Repeated[] {
    return [...this.orders, ...this.refunds];
  }

  /** Makes orders until `ending` is aborted; what has begun then is carried on until `givenUp` is aborted. */
  async order(ending: AbortSignal, givenUp: AbortSignal): Promise<void> {
    const { random, apiUrl, shop } = this.#options;
    while (!ending.aborted) {
      const name = `order-${shop.shard}-${this.orders.length + 1}`;
      const price = random.chance(0.25)
        ? { payment_link_token: shop.openLink }
        : { amount_cents: random.integer(100, 9000), currency: 'gbp' };
      const order = new KeyedRequest(name, `${apiUrl}/checkout-sessions`, {
        ...price,
        reference: name,
        success_url: 'https://shop.example/thanks',
        cancel_url: 'https://shop.example/cart',
      });
      this.orders.push(order);
      // A double click: the same request twice at the same time.
      const times = random.chance(0.2) ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => this.#send(order, givenUp)));
      await sleep(random.integer(0, 200));
    }
  }

  /** Gives back a part of payments that the merchant has heard of. */
  async refund(ending: AbortSignal, givenUp: AbortSignal): Promise<void> {
    const { random, apiUrl, receivers, shop } = this.#options;
    while (!ending.aborted) {
      await sleep(random.integer(600, 1800));
      const own = receivers.accepted.filter(({ receiver }) => receiver in shop.secrets);
      const heard = own.flatMap(({ body }) => succeeded.safeParse(JSON.parse(body)).data ?? []);
      if (heard.length === 0) continue;
      const { data } = random.pick(heard);
      const name = `refund-${shop.shard}-${this.refunds.length + 1}`;
      const amount = random.chance(0.3) ? {} : { amount_cents: random.integer(1, Math.ceil(data.amount_cents / 2)) };
      const refund = new KeyedRequest(name, `${apiUrl}/payments/${data.payment_id}/refunds`, amount);
      this.refunds.push(refund);
      await this.#send(refund, givenUp);
    }
  }

  /** Sends each request that was answered with 2xx once more. */
  async repeatAll(givenUp: AbortSignal): Promise<void> {
    for (const request of [...this.orders, ...this.refunds]) {
      if (request.answers.length > 0) await this.#send(request, givenUp);
    }
  }

  async #send(request: KeyedRequest, givenUp: AbortSignal): Promise<void> {
    const { shop, counts } = this.#options;
    const answer = await untilAnswered(counts, givenUp, request.url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${shop.key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': request.name,
      },
      body: request.body,
    });
    // A refusal, such as a refund of more than is left, may be another one the next time.
    if (!answer || answer.status >= 300) return;
    if (request.answers.length > 0 && !answer.isReplay) this.rebuilt += 1;
    request.answers.push(answer);
  }
}
