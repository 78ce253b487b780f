import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { deliveries } from '../../src/db/schema.ts';
import type { WebhookEndpoint } from '../../src/db/webhook-endpoints.ts';
import { insertEndpointRow, insertWaiting } from '../support/webhook-rows.ts';
import type { Bundles } from './bundles.ts';
import { type DeliveryWorld, runtimeMegabytes, startDeliveryWorld } from './delivery-world.ts';
import { median, quantile } from './measure.ts';

const TOTAL = 1_000;
const ENDPOINTS = 10;
const ROUNDS = 3;
/** One payment for each endpoint every 100 ms, 120 times. */
const TICK_MS = 100;
const TICKS = 120;
/** Deliveries at once to one endpoint that answers after 200 ms. */
const BURST = 300;
const STEADY_SECONDS = 0.2;
/** Deliveries to an endpoint whose answers do not end. */
const ENDLESS = 20;
const TIMEOUT_MS = 60_000;

export interface Latency {
  readonly median: number;
  readonly p99: number;
}

export interface MeasuredDeliveries {
  /** Deliveries a second, and requests a second of a bare loop. */
  readonly rate: number;
  readonly bareRate: number;
  readonly roundTripsPerBatch: number;
  /** Milliseconds from the wake-up call to the arrival at the nine healthy endpoints. */
  readonly alone: Latency;
  readonly besideHanging: Beside;
  readonly besideSlow: Beside;
  /** Seconds until the last of many deliveries has reached one endpoint, and the seconds that two requests at a time would take. */
  readonly burst: { readonly count: number; readonly seconds: number; readonly twoAtATime: number };
  readonly gigabytes: Endless;
  readonly drips: Endless;
}

export interface Beside extends Latency {
  /** How many requests the unhealthy endpoint has received in that time. */
  readonly toUnwell: number;
}

/** Answers that do not end, and the memory of the runtime (MB) while it read them. */
export interface Endless {
  readonly answers: number;
  readonly bytesSent: number;
  readonly memoryBefore: number;
  readonly memoryMost: number;
  readonly memoryAfter: number;
}

type Unwell = 'hanging' | 'slow';

/** Measures the delivery of webhooks through the real local queues. Throws if one did not arrive, never because of a time. */
export async function measureDeliveries(bundles: Bundles): Promise<MeasuredDeliveries> {
  const world = await startDeliveryWorld(bundles);
  try {
    const rates = await measureRate(world);
    return {
      ...rates,
      alone: await measureLatency(world, null),
      besideHanging: await measureLatency(world, 'hanging'),
      besideSlow: await measureLatency(world, 'slow'),
      burst: await measureBurst(world),
      gigabytes: await measureEndless(world, 'gigabyte'),
      drips: await measureEndless(world, 'dripping'),
    };
  } finally {
    await world.close();
  }
}

async function endpointsOf(world: DeliveryWorld, names: readonly string[]): Promise<WebhookEndpoint[]> {
  const { database, workspaceId, urlOf } = world;
  return await Promise.all(names.map((name) => insertEndpointRow(database, workspaceId, { url: urlOf(name) })));
}

const namesOf = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Deliveries in the order in which the payments of many shops would make them: one of each endpoint in turn. */
async function waitingInTurn(world: DeliveryWorld, to: readonly WebhookEndpoint[], each: number): Promise<string[][]> {
  const byEndpoint: string[][] = [];
  for (const endpoint of to) byEndpoint.push(await insertWaiting(world.database, endpoint, each));
  return Array.from({ length: each }, (_, turn) => byEndpoint.map((ids) => ids[turn] ?? ''));
}

async function collect(world: DeliveryWorld, isEnough: (arrivals: readonly { name: string }[]) => boolean) {
  const all: { name: string; id: string; at: number }[] = [];
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await sleep(50)) {
    all.push(...(await world.arrivals()).arrivals);
    if (isEnough(all)) return all;
  }
  throw new Error(`Only ${all.length} deliveries arrived within ${TIMEOUT_MS / 1000} s.`);
}

async function measureRate(world: DeliveryWorld) {
  const names = namesOf('rate', ENDPOINTS);
  const endpoints = await endpointsOf(world, names);
  const perSecond = async (start: () => Promise<void>) => {
    const startedAt = Date.now();
    await start();
    const arrivals = await collect(world, (all) => all.length >= TOTAL);
    return TOTAL / ((Math.max(...arrivals.map(({ at }) => at)) - startedAt) / 1000);
  };
  const rates: number[] = [];
  const bareRates: number[] = [];
  const before = await world.counts();
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = (await waitingInTurn(world, endpoints, TOTAL / ENDPOINTS)).flat();
    bareRates.push(await perSecond(() => world.loop(names.map(world.urlOf), TOTAL)));
    rates.push(await perSecond(() => world.send(ids)));
    await allSucceeded(world, (round + 1) * TOTAL);
  }
  const after = await world.counts();
  const roundTripsPerBatch = (after.roundTrips - before.roundTrips) / (after.batches - before.batches);
  return { rate: median(rates), bareRate: median(bareRates), roundTripsPerBatch };
}

async function allSucceeded(world: DeliveryWorld, expected: number): Promise<void> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await sleep(50)) {
    const [row] = await world.database
      .select({ count: sql<number>`count(*)` })
      .from(deliveries)
      .where(eq(deliveries.status, 'succeeded'));
    if (row?.count === expected) return;
  }
  throw new Error(`Fewer than ${expected} deliveries have succeeded.`);
}

async function measureLatency(world: DeliveryWorld, unwell: Unwell | null): Promise<Beside> {
  const names = namesOf(unwell ?? 'alone', ENDPOINTS - 1);
  const endpoints = await endpointsOf(world, unwell ? [...names, unwell] : names);
  const turns = await waitingInTurn(world, endpoints, TICKS);
  const sentAt = new Map<string, number>();
  for (const ids of turns) {
    const now = performance.timeOrigin + performance.now();
    for (const id of ids) sentAt.set(id.slice('dlv_'.length), now);
    await Promise.all([world.send(ids), sleep(TICK_MS)]);
  }
  const isWell = ({ name }: { name: string }) => names.includes(name);
  const arrivals = await collect(world, (all) => all.filter(isWell).length >= TICKS * names.length);
  const eventLength = (arrivals[0]?.id.length ?? 0) - 'evt_'.length;
  const byEvent = new Map([...sentAt].map(([id, at]) => [`evt_${id.slice(0, eventLength)}`, at]));
  const times = arrivals.filter(isWell).map(({ id, at }) => at - (byEvent.get(id) ?? Number.NaN));
  const toUnwell = arrivals.filter(({ name }) => name === unwell).length;
  return { median: median(times), p99: quantile(times, 0.99), toUnwell };
}

async function measureBurst(world: DeliveryWorld): Promise<MeasuredDeliveries['burst']> {
  const endpoints = await endpointsOf(world, ['steady']);
  const ids = (await waitingInTurn(world, endpoints, BURST)).flat();
  await world.arrivals();
  const startedAt = Date.now();
  await world.send(ids);
  const arrivals = await collect(world, (all) => all.length >= BURST);
  const seconds = (Math.max(...arrivals.map(({ at }) => at)) - startedAt) / 1000;
  return { count: BURST, seconds, twoAtATime: (BURST * STEADY_SECONDS) / 2 };
}

async function measureEndless(world: DeliveryWorld, name: 'gigabyte' | 'dripping'): Promise<Endless> {
  const endpoints = await endpointsOf(world, [name]);
  const ids = (await waitingInTurn(world, endpoints, ENDLESS)).flat();
  await world.arrivals();
  const memoryBefore = runtimeMegabytes();
  const memory: number[] = [];
  await world.send(ids);
  let bytesSent = 0;
  let answers = 0;
  for (const end = Date.now() + TIMEOUT_MS; answers < ENDLESS && Date.now() < end; await sleep(20)) {
    const { arrivals, answeredBytes } = await world.arrivals();
    answers += arrivals.filter((arrival) => arrival.name === name).length;
    bytesSent += answeredBytes;
    memory.push(runtimeMegabytes());
  }
  return { answers, bytesSent, memoryBefore, memoryMost: Math.max(...memory), memoryAfter: runtimeMegabytes() };
}
