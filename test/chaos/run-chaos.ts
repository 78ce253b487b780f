import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNotNull } from 'drizzle-orm';
import { verifyWebhook } from '../../sdk/verify-webhook.ts';
import type { Database } from '../../src/db/client.ts';
import { connectedAccounts, deliveries, payments } from '../../src/db/schema.ts';
import { OVERDUE_MS } from '../../src/domain/webhooks/delivery/sweep.ts';
import { Buyers } from './buyers.ts';
import type { ClientCounts } from './client.ts';
import { withDatabases } from './databases.ts';
import { type Evidence, readLedger } from './evidence.ts';
import { nextConditions, nextFaults } from './faults.ts';
import { judge } from './judge.ts';
import { Merchants } from './merchants.ts';
import { Random } from './random.ts';
import { Receivers } from './receivers.ts';
import { LIMIT, openShops, type Shop } from './shop.ts';
import { choosePlaces, Stack } from './stack.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** How often the Worker is killed. */
  readonly kills: number;
  /** How long (ms) the Worker runs between two kills, at least and at most. */
  readonly burstMs: readonly [number, number];
  /** How often at most a receiver fails one delivery. */
  readonly failAtMost: number;
  /** true: retries that wait are due at the last start, so that the run is short. */
  readonly spareRetries: boolean;
  /** How long (ms) a client still repeats a request after the last start. A request that was cut off is held for 30 s. */
  readonly patienceMs: number;
  /** How long (ms) everything may take to come right after the last kill. */
  readonly calmWithinMs: number;
  /** An empty directory. */
  readonly stateDir: string;
  readonly print: (line: string) => void;
}

export interface ChaosResult {
  /** What is wrong in the end, one sentence each. */
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** A shop with everybody who works on it. */
interface Business {
  readonly shop: Shop;
  readonly merchants: Merchants;
  readonly buyers: Buyers;
}

/** Everything that is running. */
interface Run {
  readonly options: ChaosOptions;
  readonly stack: Stack;
  readonly businesses: readonly Business[];
  readonly receivers: Receivers;
  readonly clients: ClientCounts;
  readonly random: Random;
}

/**
 * Lets merchants and buyers create, pay and refund while Stripe fails and the Worker is killed, then waits until
 * everything has come right, and compares rows, webhooks and answers with Stripe's ledger.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const stack = new Stack(await choosePlaces(options.stateDir));
  const receivers = new Receivers(options.seed, options.failAtMost);
  try {
    const run = await start(options, stack, receivers);
    return await stormAndJudge(run);
  } finally {
    await stack.stop();
    await receivers.close();
  }
}

async function start(options: ChaosOptions, stack: Stack, receivers: Receivers): Promise<Run> {
  const { places } = stack;
  await Promise.all([stack.build(), stack.startStripe(), receivers.listen(places.receiversPort)]);
  const { secretsKey, platformKey } = stack;
  const { baseUrl, stripeUrl, receiversUrl } = places;
  const shops = await withDatabases(places, (opened) => openShops(opened, { secretsKey, receiversUrl }));
  for (const { account } of shops) {
    await control(stack, 'accounts', { id: account, livemode: false, charges_enabled: true });
  }
  const random = new Random(options.seed);
  const counts: ClientCounts = { requests: 0, retried: 0 };
  const apiUrl = `${baseUrl}/api/v1/services/payments`;
  const businesses = shops.map((shop) => ({
    shop,
    merchants: new Merchants({ apiUrl, shop, random, counts, receivers }),
    buyers: new Buyers({ baseUrl, stripeUrl, shop, platformKey, random, counts }),
  }));
  return { options, stack, businesses, receivers, clients: counts, random };
}

async function stormAndJudge(run: Run): Promise<ChaosResult> {
  const { options, stack, businesses } = run;
  const ending = new AbortController();
  const givenUp = new AbortController();
  const work = letWork(run, ending.signal, givenUp.signal);
  try {
    await storm(run);
    ending.abort();
    await control(stack, 'faults', {});
    await control(stack, 'conditions', {});
    await bringForward(run);
    await stack.startWorker({ forgets: false });
    options.print('The Worker runs again, and nothing fails any more. Waiting until everything has come right …');
    const deadline = AbortSignal.timeout(options.calmWithinMs);
    setTimeout(() => givenUp.abort(), options.patienceMs).unref();
    await work;
    options.print('Every request that had an answer is sent once more …');
    for (const { merchants } of businesses) await merchants.repeatAll(deadline);
    options.print('Comparing with the ledger of Stripe …');
    const faults = await untilRight(run, deadline);
    return { faults, counts: countsOf(run, await evidenceOf(run)) };
  } finally {
    ending.abort();
    givenUp.abort();
    await work;
  }
}

/** Merchants and buyers work until `ending` is aborted. They repeat what has begun until `givenUp` is aborted. */
async function letWork({ businesses }: Run, ending: AbortSignal, givenUp: AbortSignal): Promise<void> {
  const works = businesses.flatMap(({ merchants, buyers }) => [
    merchants.order(ending, givenUp),
    merchants.order(ending, givenUp),
    merchants.refund(ending, givenUp),
    buyers.openPages(ending, givenUp),
    buyers.pay(ending),
    buyers.refundAtStripe(ending),
    buyers.endRefunds(ending),
  ]);
  await Promise.all(works);
}

/** Starts the Worker, lets it work under faults, kills it; again and again. */
async function storm({ options, stack, random }: Run): Promise<void> {
  const [least, most] = options.burstMs;
  for (let kill = 1; kill <= options.kills; kill++) {
    await stack.startWorker({ forgets: true });
    const endsAt = Date.now() + random.integer(least, most);
    while (Date.now() < endsAt) {
      await control(stack, 'faults', nextFaults(random));
      await control(stack, 'conditions', nextConditions(random));
      await sleep(Math.min(random.integer(300, 1500), Math.max(0, endsAt - Date.now())));
    }
    const alone = random.chance(0.5);
    options.print(`Kill ${kill} of ${options.kills}: ${alone ? 'workerd' : 'the whole Worker process'}`);
    await (alone ? stack.killRuntime() : stack.killWorker());
  }
}

/**
 * Makes the cron's next reads of Stripe due, as if the minutes until then had passed; with `spareRetries` the waiting
 * deliveries too.
 */
async function bringForward({ options, stack }: Run): Promise<void> {
  await withDatabases(stack.places, async ({ shards }) => {
    for (const { database } of shards) await bringRowsForward(database, options.spareRetries);
  });
}

async function bringRowsForward(database: Database, spareRetries: boolean): Promise<void> {
  const now = Date.now();
  const account = { nextStripeEventsReadAt: now };
  await database.update(connectedAccounts).set(account).where(isNotNull(connectedAccounts.nextStripeEventsReadAt));
  await database.update(payments).set({ nextCheckAt: now }).where(isNotNull(payments.nextCheckAt));
  if (!spareRetries) return;
  // So long ago that the sweep takes them: the local queue has lost its messages.
  const delivery = { nextAttemptAt: now - OVERDUE_MS };
  await database.update(deliveries).set(delivery).where(isNotNull(deliveries.nextAttemptAt));
}

/** Judges until nothing is wrong, or until `deadline` is aborted. */
async function untilRight(run: Run, deadline: AbortSignal): Promise<string[]> {
  let faults: string[];
  for (let round = 1; ; round++) {
    await sleep(1_000);
    faults = judge(await evidenceOf(run));
    if (faults.length === 0 || deadline.aborted) break;
    if (round % 15 === 0) run.options.print(`${faults.length} still to come, for example: ${faults[0]}`);
  }
  return [...faults, ...(await wrongSignatures(run))];
}

async function evidenceOf({ stack, businesses, receivers }: Run): Promise<Evidence> {
  return {
    ledger: readLedger(stack.places.ledgerFile),
    rows: await stack.rows(),
    accepted: receivers.accepted,
    repeated: businesses.flatMap(({ merchants, buyers }) => [...merchants.repeated, ...buyers.repeated]),
    receivers: businesses.flatMap(({ shop: { secrets, workspaceId } }) =>
      Object.keys(secrets).map((name) => ({ name, workspaceId })),
    ),
    limits: businesses.map(({ shop }) => ({ token: shop.limitedLink, maxPayments: LIMIT })),
  };
}

async function wrongSignatures({ businesses, receivers }: Run): Promise<string[]> {
  const secrets = new Map(businesses.flatMap(({ shop }) => Object.entries(shop.secrets)));
  const verified = receivers.accepted.map(async ({ receiver, headers, body, at }) => {
    try {
      await verifyWebhook({ body, headers, secret: secrets.get(receiver) ?? '', now: at });
      return [];
    } catch (error) {
      return [`A webhook to ${receiver} is not signed well: ${String(error)}`];
    }
  });
  return (await Promise.all(verified)).flat();
}

function countsOf({ businesses, receivers, clients }: Run, { ledger, rows }: Evidence): ChaosResult['counts'] {
  const sessions = [...ledger.sessions.values()];
  const paid = rows.payments.filter(({ status }) => status === 'succeeded');
  return {
    shops_paid: new Set(paid.map(({ workspaceId }) => workspaceId)).size,
    orders: sum(businesses.map(({ merchants }) => merchants.orders.length)),
    forms: sum(businesses.map(({ buyers }) => buyers.forms.length)),
    sessions: sessions.length,
    paid: sessions.filter(({ object }) => object.payment_status === 'paid').length,
    refunds: ledger.refunds.size,
    events: rows.events.length,
    webhooks: receivers.accepted.length,
    failed_webhooks: receivers.failures,
    requests: clients.requests,
    sent_again: clients.retried,
    rebuilt_answers: sum(businesses.map(({ merchants }) => merchants.rebuilt)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function control(stack: Stack, path: string, body: object): Promise<void> {
  const url = `${stack.places.stripeUrl}/_control/${path}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** Deletes what a run has left. */
export function removeState(stateDir: string): void {
  rmSync(stateDir, { recursive: true, force: true });
}
