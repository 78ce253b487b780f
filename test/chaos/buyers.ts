import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type ClientCounts, untilAnswered } from './client.ts';
import type { Repeated } from './evidence.ts';
import type { Random } from './random.ts';
import type { Shop } from './shop.ts';

const sessionList = z.object({
  data: z.array(z.looseObject({ id: z.string(), status: z.string(), payment_status: z.string() })),
});
const refundList = z.object({ data: z.array(z.looseObject({ id: z.string(), status: z.string() })) });
const refundable = z.object({
  data: z.array(z.looseObject({ payment_status: z.string(), payment_intent: z.string().nullable() })),
});

export interface BuyerOptions {
  readonly baseUrl: string;
  readonly stripeUrl: string;
  readonly shop: Shop;
  readonly platformKey: string;
  readonly random: Random;
  readonly counts: ClientCounts;
}

/** Buyers of a shop, who open pay pages and pay at Checkout; and a merchant who makes refunds in Stripe's dashboard. */
export class Buyers {
  /** The forms of pay pages that were sent, each with its answers. */
  readonly forms: { name: string; answers: { status: number; body: string }[] }[] = [];
  readonly #options: BuyerOptions;

  constructor(options: BuyerOptions) {
    this.#options = options;
  }

  get repeated(): readonly Repeated[] {
    return this.forms;
  }

  /** Opens pay pages, and presses their button twice. */
  async openPages(ending: AbortSignal, givenUp: AbortSignal): Promise<void> {
    const { random, baseUrl, stripeUrl, shop, counts } = this.#options;
    while (!ending.aborted) {
      await sleep(random.integer(100, 500));
      const url = `${baseUrl}/pay/link/${random.pick([shop.openLink, shop.limitedLink])}`;
      const page = await untilAnswered(counts, givenUp, url, {});
      const fields = fieldsOf(page?.body ?? '');
      const operation = fields.get('operation');
      if (operation === null) continue; // The link takes no more payments.
      const form = { name: `form ${operation}`, answers: [] as { status: number; body: string }[] };
      this.forms.push(form);
      const press = async () => {
        const answer = await untilAnswered(counts, givenUp, url, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-www-form-urlencoded',
            Origin: baseUrl,
            'Sec-Fetch-Site': 'same-origin',
          },
          body: fields.toString(),
        });
        // Pages, and the way to the receipt of a session that was paid meanwhile, are not compared.
        const { location = null } = answer ?? {};
        if (location?.startsWith(stripeUrl)) form.answers.push({ status: 303, body: location });
      };
      await Promise.all([press(), press()]);
    }
  }

  /** Pays, declines or leaves sessions at Checkout. Works on what Stripe has, also where the Worker's answer was lost. */
  async pay(ending: AbortSignal): Promise<void> {
    const { random, shop } = this.#options;
    while (!ending.aborted) {
      await sleep(random.integer(20, 150));
      const { data } = sessionList.parse(await this.#control('GET', `sessions?account=${shop.account}`));
      const open = data.filter(({ status }) => status === 'open');
      const processing = data.filter((one) => one.status === 'complete' && one.payment_status === 'unpaid');
      if (processing.length > 0 && random.chance(0.2)) {
        const outcome = random.chance(0.7) ? 'processing_succeeded' : 'processing_failed';
        await this.#control('POST', `sessions/${random.pick(processing).id}/pay`, { outcome });
      } else if (open.length > 0) {
        const outcome = random.pick(['paid', 'paid', 'paid', 'paid', 'declined', 'processing', 'expired']);
        await this.#control('POST', `sessions/${random.pick(open).id}/pay`, { outcome });
      }
    }
  }

  /** Makes refunds in Stripe's dashboard. */
  async refundAtStripe(ending: AbortSignal): Promise<void> {
    const { random, stripeUrl, shop, platformKey } = this.#options;
    while (!ending.aborted) {
      await sleep(random.integer(1500, 4000));
      const { data } = refundable.parse(await this.#control('GET', `sessions?account=${shop.account}`));
      const paid = data.filter((one) => one.payment_status === 'paid' && one.payment_intent !== null);
      if (paid.length === 0) continue;
      // Refused where too little is left, or where a fault makes the call fail: both are fine.
      await fetch(`${stripeUrl}/v1/refunds`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${platformKey}`, 'Stripe-Account': shop.account },
        body: new URLSearchParams({ payment_intent: random.pick(paid).payment_intent ?? '', amount: '50' }),
      }).catch(() => undefined);
    }
  }

  /** Lets banks take refunds or send them back. */
  async endRefunds(ending: AbortSignal): Promise<void> {
    const { random, stripeUrl, shop, platformKey } = this.#options;
    while (!ending.aborted) {
      await sleep(random.integer(1000, 3000));
      const headers = { Authorization: `Bearer ${platformKey}`, 'Stripe-Account': shop.account };
      const listed = await fetch(`${stripeUrl}/v1/refunds?limit=100`, { headers }).then(
        (answer) => answer.json(),
        () => null,
      );
      const refunds = refundList.safeParse(listed).data?.data ?? [];
      const open = refunds.filter(({ status }) => status === 'pending');
      const made = refunds.filter(({ status }) => status === 'succeeded');
      if (open.length > 0) {
        await this.#control('POST', `refunds/${random.pick(open).id}`, {
          status: random.pick(['succeeded', 'canceled']),
        });
      } else if (made.length > 0 && random.chance(0.3)) {
        await this.#control('POST', `refunds/${random.pick(made).id}`, { status: 'failed' });
      }
    }
  }

  async #control(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${this.#options.stripeUrl}/_control/${path}`, init);
    // 409: somebody else was quicker, for example the clock.
    if (!response.ok && response.status !== 409)
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }
}

/** The fields of a page's form, as a browser sends them untouched. */
function fieldsOf(html: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.append(name, / value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return fields;
}
