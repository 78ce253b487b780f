import * as z from 'zod';
import { newFormId } from '../../src/core/ids.ts';
import { SIMULATED } from '../support/simulated.ts';
import type { NextCall } from './measure.ts';
import type { Target, World } from './world.ts';

/** One row of the table. */
export interface Operation {
  readonly name: string;
  readonly parallel: boolean;
  readonly next: NextCall;
  /** Brings about what the calls need; not timed. */
  prepare?(): Promise<void>;
  /** Throws where the calls were answered well and still did not do their work. */
  verify?(): Promise<void>;
}

const BATCH = 10;
const FORMS = 250;
const TIMEOUT_MS = 30_000;
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
const created = z.object({ data: z.object({ id: z.int(), stripe_session_id: z.string() }) });
const outbox = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

/** Sends one request and reads its answer. Throws for any status but the expected one. */
export async function ask(url: string, init: RequestInit, status: number): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (response.status === status) return text;
  throw new Error(`${init.method ?? 'GET'} ${url}: expected ${status}, got ${response.status}: ${text.slice(0, 500)}`);
}

/** Every operation against one Worker, in the order they must run: sessions are made, then paid, then told of. */
export function operationsOf(world: World, target: Target): Operation[] {
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
  const replayed = crypto.randomUUID();
  return [
    { name: 'health', ...always(requests.health) },
    { name: 'refused: 401 by checksum', ...always(requests.refused) },
    { name: 'create session, no key', ...always(async () => sessions.push(await create())) },
    {
      name: 'create session, with key',
      ...always(async () => sessions.push(await create(crypto.randomUUID()))),
    },
    {
      name: 'replay',
      prepare: async () => void (await create(replayed)),
      ...always(() => requests.create(replayed)),
    },
    { name: 'read session', ...always(() => requests.read(sessions[0]?.id ?? 0)) },
    ...payPage(target),
    settlement(world, target, sessions),
    deliveries(world, target),
  ];
}

function requestsTo({ url, key }: Target) {
  const base = `${url}/api/v1/services/payments/checkout-sessions`;
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const mistyped = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
  return {
    health: () => ask(`${url}/health`, {}, 200),
    read: (id: number) => ask(`${base}/${id}`, { headers }, 200),
    refused: () => ask(`${base}/1`, { headers: { Authorization: `Bearer ${mistyped}` } }, 401),
    create: (idempotencyKey?: string) => {
      const keyed: Record<string, string> = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      return ask(base, { method: 'POST', headers: { ...headers, ...keyed }, body: JSON.stringify(SESSION) }, 201);
    },
  };
}

/** A buyer's page, and its form. A link takes 300 forms a minute: a new one is made before that. */
function payPage(target: Target): Operation[] {
  const link = z.object({ data: z.object({ id: z.string() }) });
  let path = '';
  let sent = 0;
  const makeLink = async () => {
    const body = JSON.stringify({ title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 });
    const headers = { Authorization: `Bearer ${target.key}`, 'Content-Type': 'application/json' };
    const made = await ask(
      `${target.url}/api/v1/services/payments/payment-links`,
      { method: 'POST', headers, body },
      201,
    );
    path = `${target.url}/pay/link/${link.parse(JSON.parse(made)).data.id}`;
    sent = 0;
  };
  return [
    { name: 'pay page', parallel: true, prepare: makeLink, next: () => async () => void (await ask(path, {}, 200)) },
    {
      name: 'pay page: form → Stripe',
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

function settlement(world: World, target: Target, sessions: readonly { stripeSessionId: string }[]): Operation {
  let events: z.output<typeof outbox>['data'] = [];
  let settled = 0;
  return {
    name: 'Stripe event → settled',
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

function deliveries(world: World, target: Target): Operation {
  let waiting: string[] = [];
  let delivered = 0;
  return {
    name: `delivery batch of ${BATCH}`,
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
