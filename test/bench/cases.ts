import * as z from 'zod';
import { newFormId } from '../../src/core/ids.ts';
import { ask } from './ask.ts';
import type { Bare } from './bare.ts';
import type { NextCall } from './measure.ts';
import { deliveryCase, settlementCase } from './settling.ts';
import type { Target, World } from './world.ts';

/** One kind of request that is measured and counted. */
export interface BenchCase {
  readonly name: string;
  /** The bare handler that its time is compared with. */
  readonly bare: Bare;
  readonly goals?: Goals;
  readonly parallel: boolean;
  readonly next: NextCall;
  /** Prepares what the calls need. Not timed. */
  prepare?(): Promise<void>;
  /** Throws if the calls were answered well but did not do their work. */
  verify?(): Promise<void>;
}

/** Upper bounds. */
export interface Goals {
  readonly hops?: number;
  /** The median divided by that of the bare handler, one request after another. */
  readonly timesBare?: number;
}

const LINKS = 10;
const FORMS = 250;
const SESSION = {
  amount_cents: 4999,
  currency: 'gbp',
  description: 'Order #1042',
  reference: '1042',
  customer_email: 'buyer@example.com',
  success_url: 'https://shop.example/success',
  cancel_url: 'https://shop.example/cancel',
  metadata: { order_id: '1042' },
};
const LINK = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 };
const created = z.object({ data: z.object({ id: z.int() }) });

/** The cases for one Worker, in the order in which they must run: sessions are made and paid, then merchants are notified. */
export function benchCases(world: World, target: Target): BenchCase[] {
  const requests = requestsTo(target);
  const always = (call: () => Promise<unknown>) => ({
    parallel: true,
    next: () => async () => void (await call()),
  });
  const usedTwice = crypto.randomUUID();
  let open = 0;
  let ended = 0;
  return [
    { name: 'health', bare: 'read', ...always(requests.health) },
    { name: 'refused: 401 by checksum', bare: 'read', ...always(requests.refused) },
    {
      name: 'create session, no key',
      bare: 'stripe',
      goals: { hops: 4, timesBare: 1.6 },
      ...always(requests.create),
    },
    {
      name: 'create session, with key',
      bare: 'stripe',
      goals: { hops: 4, timesBare: 1.6 },
      ...always(() => requests.create(crypto.randomUUID())),
    },
    {
      name: 'stored answer of a key',
      bare: 'read',
      goals: { hops: 2 },
      prepare: async () => void (await requests.create(usedTwice)),
      ...always(() => requests.create(usedTwice)),
    },
    {
      name: 'read open session',
      bare: 'stripe',
      goals: { hops: 3 },
      prepare: async () => {
        open = await requests.create();
      },
      ...always(() => requests.read(open)),
    },
    {
      name: 'read ended session',
      bare: 'read',
      goals: { hops: 2 },
      prepare: async () => {
        ended = await requests.create();
        // Not through the API, which would also make an event and a delivery.
        const end = "UPDATE payments SET status = 'expired', next_check_at = NULL WHERE id = ?";
        await world.database.prepare(end).bind(ended).run();
      },
      ...always(() => requests.read(ended)),
    },
    {
      name: `list ${LINKS} payment links`,
      bare: 'list',
      goals: { hops: 2, timesBare: 1.7 },
      prepare: async () => {
        for (let made = 0; made < LINKS; made += 1) await requests.createLink();
      },
      ...always(requests.listLinks),
    },
    ...payPage(target, requests.createLink),
    settlementCase(world, target, { name: 'Stripe event → settled', made: 'by_api', outcome: 'paid' }),
    deliveryCase(world, target, { name: 'delivery batch of 10', size: 10 }),
  ];
}

const madeLink = z.object({ data: z.object({ id: z.string() }) });

/** The requests of a merchant's server. */
export function requestsTo({ url, key }: Target) {
  const base = `${url}/api/v1/services/payments`;
  const sessions = `${base}/checkout-sessions`;
  const links = `${base}/payment-links`;
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const mistyped = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
  return {
    health: () => ask(`${url}/health`, {}, 200),
    read: (id: number) => ask(`${sessions}/${id}`, { headers }, 200),
    refused: () => ask(`${sessions}/1`, { headers: { Authorization: `Bearer ${mistyped}` } }, 401),
    /** Returns the session's id. */
    create: async (idempotencyKey?: string) => {
      const keyed: Record<string, string> = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      const init = { method: 'POST', headers: { ...headers, ...keyed }, body: JSON.stringify(SESSION) };
      return created.parse(JSON.parse(await ask(sessions, init, 201))).data.id;
    },
    /** Makes a session of a payment link, and returns its id. */
    createOn: async (token: string) => {
      const body = JSON.stringify({ ...SESSION, amount_cents: LINK.amount_cents, payment_link_token: token });
      return created.parse(JSON.parse(await ask(sessions, { method: 'POST', headers, body }, 201))).data.id;
    },
    listLinks: () => ask(links, { headers }, 200),
    /** Returns the link's id. */
    createLink: async () => {
      const made = await ask(links, { method: 'POST', headers, body: JSON.stringify(LINK) }, 201);
      return madeLink.parse(JSON.parse(made)).data.id;
    },
  };
}

/** The pay page and its form. A link accepts 300 forms a minute, so fewer are sent. */
export function payPage(target: Target, createLink: () => Promise<string>): [BenchCase, BenchCase] {
  let path = '';
  let sent = 0;
  return [
    {
      name: 'pay page',
      bare: 'read',
      goals: { hops: 1 },
      parallel: true,
      prepare: async () => {
        path = `${target.url}/pay/link/${await createLink()}`;
      },
      next: () => async () => void (await ask(path, {}, 200)),
    },
    {
      name: 'pay page: form → Stripe',
      bare: 'stripe',
      goals: { hops: 4 },
      parallel: true,
      next: () => {
        sent += 1;
        if (sent > FORMS) return null;
        const form = newFormId();
        const address = `10.9.${sent >> 8}.${sent & 255}`;
        return async () => {
          const body = new URLSearchParams({ operation: form, shown: 'GBP:5000' });
          await ask(path, { method: 'POST', body, redirect: 'manual', headers: { 'CF-Connecting-IP': address } }, 303);
        };
      },
    },
  ];
}
