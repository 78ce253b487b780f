import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.ts';
import { buildBundles } from './bundles.ts';
import { type BenchCase, payPage, requestsTo } from './cases.ts';
import { type Billed, mapped, type Steps } from './cost-money.ts';
import { fillPage } from './cost-page.ts';
import { type Counts, count, each, readCounters } from './count.ts';
import { deliveryCase, settlementCase } from './settling.ts';
import { measureStorage, totalOf } from './storage.ts';
import { startWorld, type World } from './world.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/cost.md');
/** Longer than a gate waits before it writes what it has counted: each request is then like one of a quiet shop. */
const QUIET_MS = 2_100;
const SESSIONS = 10;
const DAY_MINUTES = 24 * 60;

/** Counts what each step of a payment costs, and writes the tables of docs/cost.md. */
export async function benchCost(): Promise<void> {
  console.log('Counting, about a minute …');
  const world = await startWorld(await buildBundles());
  try {
    const steps = await countSteps(world);
    const bytes = mapped({ ...(await measureStorage()) }, totalOf);
    writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), { steps, bytes }));
    console.log(`Wrote ${PAGE}`);
  } finally {
    await world.close();
  }
}

const quiet = () => sleep(QUIET_MS);

/** What is billed for something that is asked of the Worker. `requests`: Worker requests, batches or runs. */
function billedOf(counts: Counts, requests: number): Billed {
  const { rowsRead, rowsWritten, gateCalls, objectRowsWritten, messages, logLines } = counts;
  return { requests, rowsRead, rowsWritten, objectCalls: gateCalls, objectRows: objectRowsWritten, messages, logLines };
}

/** Counts a case, with what the objects write after the answers. `pause` comes after each call. */
async function countCase(world: World, benchCase: BenchCase, pause = async () => {}): Promise<Billed> {
  await benchCase.prepare?.();
  await quiet();
  const counts = await count(world, benchCase.next, { most: SESSIONS, after: pause });
  await benchCase.verify?.();
  return billedOf(counts, 1);
}

/** Makes all calls of a case that are left, without counting. */
async function drain({ prepare, next }: BenchCase): Promise<void> {
  await prepare?.();
  for (let call = next(); call; call = next()) await call();
}

/** Counts work that comes later, for each of so many things that it is done for. */
async function countLater(world: World, path: string, things: number): Promise<Billed> {
  const before = await readCounters(world);
  await ask(`${world.targets.counted.url}/bench/${path}`, {}, 200);
  return billedOf(each(before, await readCounters(world), things), 0);
}

async function countSteps(world: World): Promise<Steps> {
  const target = world.targets.counted;
  const { create, createLink } = requestsTo(target);
  const session: BenchCase = {
    name: 'session',
    bare: 'stripe',
    parallel: false,
    next: () => async () => void (await create(crypto.randomUUID())),
  };
  const [page, form] = payPage(target, createLink);
  const settled = (made: 'by_api' | 'by_link', outcome: 'paid' | 'expired') =>
    countCase(world, settlementCase(world, target, { name: outcome, made, outcome }));
  const receive = async (events: string) => {
    const update = world.database.prepare('UPDATE webhook_endpoints SET events = ? WHERE workspace_id = ?');
    await update.bind(events, target.workspaceId).run();
  };

  // Makes the tables of the gate, and its alarm.
  await create(crypto.randomUUID());
  await settled('by_api', 'expired');
  await receive('["payments.payment.succeeded"]');
  const made = await countCase(world, session, quiet);
  const check = await countLater(world, 'cron?job=reconcile&minutes=6', SESSIONS);
  const expire = await settled('by_api', 'expired');
  await countCase(world, session);
  await receive('["*"]');
  const expireDelivered = await settled('by_api', 'expired');
  await countCase(world, session);
  const settle = await settled('by_api', 'paid');
  const shown = await countCase(world, page);
  // Makes the tables of the gate of the link.
  await form.next()?.();
  await drain(settlementCase(world, target, { name: 'first', made: 'by_link', outcome: 'paid' }));
  const formed = await countCase(world, form);
  const settleLink = await settled('by_link', 'paid');
  const deliveries = deliveryCase(world, target, { name: 'deliver', size: 1 });
  const deliver = await countCase(world, deliveries);
  // The sweep of the cron would find those that are left.
  await drain(deliveries);
  return {
    session: made,
    check,
    expire,
    settle,
    page: shown,
    form: formed,
    settleLink,
    deliver,
    queue: mapped(expireDelivered, (value, name) => Math.max(0, value - expire[name])),
    ...(await countCron(world)),
  };
}

async function countCron(world: World): Promise<Pick<Steps, 'forget' | 'poll' | 'idle' | 'remove'>> {
  const { workspaceId } = world.targets.counted;
  const accounts = Object.keys(world.targets).length;
  const keys = SESSIONS * 3 + 1;
  const forget = await countLater(world, `alarm?workspace=${workspaceId}`, keys);
  // The first readings find the events of all payments, and the overlap with those.
  await countLater(world, 'cron?job=poll-stripe-events&minutes=20', accounts);
  await countLater(world, 'cron?job=poll-stripe-events&minutes=30', accounts);
  const poll = await countLater(world, 'cron?job=poll-stripe-events&minutes=40', accounts);
  await countLater(world, 'cron?minutes=60', 1);
  const idle = await countLater(world, 'cron?minutes=61', 1);
  const rows = await countRows(world);
  const before = await readCounters(world);
  for (const days of [31, 91]) await countLater(world, `cron?job=prune&minutes=${days * DAY_MINUTES}`, 1);
  const after = await readCounters(world);
  const remove = billedOf(each(before, after, rows - (await countRows(world))), 0);
  return { forget, poll, idle: { ...idle, requests: 1 }, remove };
}

/** How many rows there are that are deleted when they are old. */
async function countRows(world: World): Promise<number> {
  const tables = ['events', 'deliveries', 'payments'].map((table) => `(SELECT count(*) FROM ${table})`);
  return (await world.database.prepare(`SELECT ${tables.join(' + ')} AS count`).first<number>('count')) ?? 0;
}
