import * as z from 'zod';
import { newFormId } from '../../src/core/ids.ts';
import { SIMULATED } from '../support/simulated.ts';
import { ask } from './ask.ts';
import type { Bare } from './bare.ts';
import type { NextCall } from './measure.ts';
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

const BATCH = 10;
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
const created = z.object({ data: z.object({ id: z.int(), stripe_session_id: z.string() }) });
const outbox = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

/** The cases for one Worker, in the order in which they must run: sessions are made and paid, then merchants are notified. */
export function benchCases(world: World, target: Target): BenchCase[] {
  const sessions: { id: number; stripeSessionId: string }[] = [];
  const requests = requestsTo(target);
  const create = async (idempotencyKey?: string) => {
    const { data } = created.parse(JSON.parse(await requests.create(idempotencyKey)));
    return { id: data.id, stripeSessionId: data.stripe_session_id };
  };
  const always = (call: () => Promise<unknown>) => ({
    parallel: true,
    next: () => async () => void (await call()),
  });
  const usedTwice = crypto.randomUUID();
  let ended = 0;
  return [
    { name: 'health', bare: 'read', ...always(requests.health) },
    { name: 'refused: 401 by checksum', bare: 'read', ...always(requests.refused) },
    {
      name: 'create session, no key',
      bare: 'stripe',
      goals: { hops: 4, timesBare: 1.6 },
      ...always(async () => sessions.push(await create())),
    },
    {
      name: 'create session, with key',
      bare: 'stripe',
      goals: { hops: 4, timesBare: 1.6 },
      ...always(async () => sessions.push(await create(crypto.randomUUID()))),
    },
    {
      name: 'stored answer of a key',
      bare: 'read',
      goals: { hops: 2 },
      prepare: async () => void (await create(usedTwice)),
      ...always(() => requests.create(usedTwice)),
    },
    {
      name: 'read open session',
      bare: 'stripe',
      goals: { hops: 3 },
      ...always(() => requests.read(sessions[0]?.id ?? 0)),
    },
    {
      name: 'read ended session',
      bare: 'read',
      goals: { hops: 2 },
      prepare: async () => {
        ended = (await create()).id;
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
    settlement(world, target, sessions),
    deliveries(world, target),
  ];
}

const madeLink = z.object({ data: z.object({ id: z.string() }) });

function requestsTo({ url, key }: Target) {
  const base = `${url}/api/v1/services/payments`;
  const sessions = `${base}/checkout-sessions`;
  const links = `${base}/payment-links`;
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const mistyped = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
  return {
    health: () => ask(`${url}/health`, {}, 200),
    read: (id: number) => ask(`${sessions}/${id}`, { headers }, 200),
    refused: () => ask(`${sessions}/1`, { headers: { Authorization: `Bearer ${mistyped}` } }, 401),
    create: (idempotencyKey?: string) => {
      const keyed: Record<string, string> = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      return ask(sessions, { method: 'POST', headers: { ...headers, ...keyed }, body: JSON.stringify(SESSION) }, 201);
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
function payPage(target: Target, createLink: () => Promise<string>): BenchCase[] {
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

function settlement(world: World, target: Target, sessions: readonly { stripeSessionId: string }[]): BenchCase {
  let events: z.output<typeof outbox>['data'] = [];
  let settled = 0;
  return {
    name: 'Stripe event → settled',
    bare: 'read',
    goals: { hops: 2 },
    parallel: true,
    prepare: async () => {
      for (const { stripeSessionId } of sessions) {
        await world.simulate('POST', `/_control/sessions/${stripeSessionId}/pay`, { outcome: 'paid' });
      }
      const taken = outbox.parse(await world.simulate('GET', `/_control/outbox?account=${target.account}`));
      events = taken.data.filter(
        ({ url, body }) => url === SIMULATED.events.test.url && JSON.parse(body).type === 'checkout.session.completed',
      );
    },
    next: () => {
      const event = events.pop();
      if (!event) return null;
      const { pathname } = new URL(event.url);
      return async () => {
        await ask(`${target.url}${pathname}`, { method: 'POST', headers: event.headers, body: event.body }, 200);
        settled += 1;
      };
    },
    verify: () => expectRows(world, target, 'payments', settled),
  };
}

function deliveries(world: World, target: Target): BenchCase {
  let waiting: string[] = [];
  let delivered = 0;
  return {
    name: `delivery batch of ${BATCH}`,
    bare: 'read',
    parallel: false,
    prepare: async () => {
      const query = 'SELECT id FROM deliveries WHERE workspace_id = ?';
      const rows = await world.database.prepare(query).bind(target.workspaceId).all<{ id: string }>();
      waiting = rows.results.map(({ id }) => id);
    },
    next: () => {
      const ids = waiting.splice(0, BATCH);
      if (ids.length < BATCH) return null;
      return async () => {
        await ask(`${world.deliverUrl}/${target.name}`, { method: 'POST', body: JSON.stringify(ids) }, 200);
        delivered += ids.length;
      };
    },
    verify: () => expectRows(world, target, 'deliveries', delivered),
  };
}

async function expectRows(world: World, target: Target, table: string, expected: number): Promise<void> {
  const query = `SELECT count(*) AS count FROM ${table} WHERE workspace_id = ? AND status = 'succeeded'`;
  const count = await world.database.prepare(query).bind(target.workspaceId).first<number>('count');
  if (count !== expected) throw new Error(`${table}: expected ${expected} succeeded rows, found ${count}.`);
}
