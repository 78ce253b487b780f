import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { CRON_JOBS, jobContext } from '../../../src/cron/jobs.ts';
import { type Bindings, configOf, type DeliveryMessage } from '../../../src/env.ts';
import worker from '../../../src/index.ts';
import { LinkGate } from '../../../src/objects/link-gate.ts';
import { WorkspaceGate } from '../../../src/objects/workspace-gate.ts';
import { Hops } from '../../support/hops.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { countingD1, countingNamespace, recordingStores } from '../../worker/support/counting.ts';
import { billed, countBilledRows, countingQueue, countLogLines, countObjectRows } from './billed.ts';

const DAY_MS = 24 * 60 * 60_000;

class CountedLinkGate extends LinkGate {
  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(countObjectRows(state), bindings);
  }
}

class CountedWorkspaceGate extends WorkspaceGate {
  constructor(state: DurableObjectState, bindings: Cloudflare.Env) {
    super(countObjectRows(state), bindings);
  }

  /** Runs the alarm as if two days had passed. */
  async alarmInTwoDays(): Promise<void> {
    await atLaterTime(2 * DAY_MS, () => this.alarm());
  }
}

export { CountedLinkGate as LinkGate, CountedWorkspaceGate as WorkspaceGate };

interface QueueConsumer {
  queue(name: string, messages: readonly object[]): Promise<{ readonly outcome: string }>;
}

interface Environment extends Bindings {
  readonly WORKSPACE_GATE: DurableObjectNamespace<CountedWorkspaceGate>;
  /** The Worker that is timed, and this one. Each takes a batch as from the queue. */
  readonly TIMED: QueueConsumer;
  readonly COUNTED: QueueConsumer;
}

function withCounters(env: Environment) {
  countBilledRows(env.DB);
  countLogLines();
  const database = countingD1(env);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const linkGate = countingNamespace(env.LINK_GATE);
  const queues = { DELIVERIES: countingQueue(env.DELIVERIES), RETRIES: countingQueue(env.RETRIES) };
  return {
    batches: 0,
    /** The sum over all requests and batches. */
    hops: 0,
    database,
    gate,
    linkGate,
    bindings: { ...env, ...queues, ...database.bindings, WORKSPACE_GATE: gate, LINK_GATE: linkGate },
  };
}

let made: ReturnType<typeof withCounters> | null = null;

/** The counters of this isolate. They continue from request to request. */
function countersOf(env: Environment): ReturnType<typeof withCounters> {
  made ??= withCounters(env);
  return made;
}

/** The hops of the request that is counted now. Only one is counted at a time, so each call to Stripe belongs to it. */
let current = new Hops();

const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const call = () => realFetch(input, init);
  return url.startsWith(`${SIMULATED.stripeUrl}/v1/`) ? current.record(call) : call();
};

/** Runs one request or batch, and adds its hops when it has been answered. */
async function addingHops<T>(env: Environment, run: (bindings: Bindings) => Promise<T> | T): Promise<T> {
  const counters = countersOf(env);
  const hops = new Hops();
  current = hops;
  const answer = await run({ ...counters.bindings, ...recordingStores(counters.bindings, hops) });
  counters.hops += hops.count;
  return answer;
}

async function handBatchOver(request: Request, consumer: QueueConsumer): Promise<Response> {
  const ids = await request.json<string[]>();
  const messages = ids.map((deliveryId) => ({
    id: deliveryId,
    timestamp: new Date(),
    attempts: 1,
    body: { deliveryId },
  }));
  const { outcome } = await consumer.queue('softsolz-deliveries', messages);
  return Response.json({ outcome }, { status: outcome === 'ok' ? 200 : 500 });
}

const SENT_AT_ONCE = 100;

async function sendAll(ids: readonly string[], queue: Queue<DeliveryMessage>): Promise<Response> {
  for (let start = 0; start < ids.length; start += SENT_AT_ONCE) {
    await queue.sendBatch(ids.slice(start, start + SENT_AT_ONCE).map((deliveryId) => ({ body: { deliveryId } })));
  }
  return Response.json({ sent: ids.length });
}

async function atLaterTime(ms: number, run: () => Promise<void>): Promise<void> {
  const now = Date.now;
  Date.now = () => now() + ms;
  try {
    await run();
  } finally {
    Date.now = now;
  }
}

/** Runs the named jobs of the cron, or all, as if so many minutes had passed. */
async function runJobs(env: Environment, query: URLSearchParams): Promise<Response> {
  const parsed = configOf(env);
  if (!parsed.ok) throw new Error(parsed.faults.join('; '));
  const asked = query.get('job');
  const jobs = CRON_JOBS.filter(({ name }) => asked === null || name === asked);
  await atLaterTime(Number(query.get('minutes')) * 60_000, async () => {
    for (const { limits, run } of jobs)
      await run(jobContext(countersOf(env).bindings, parsed.config, DEFAULT_SHARD, limits));
  });
  return Response.json({ jobs: jobs.length });
}

function counts(env: Environment): Response {
  const { batches, hops, database, gate, linkGate } = countersOf(env);
  const gateCalls = gate.calls.length + linkGate.calls.length;
  return Response.json({ ...billed(), roundTrips: database.counts.roundTrips, batches, hops, gateCalls });
}

/**
 * The Worker with counting bindings. The addresses `/bench/…` belong to the bench: the counts so far, wake-up calls, batches
 * for the consumer of either Worker, and work that comes later.
 */
export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case '/bench/counts':
        return counts(env);
      case '/bench/send':
        return await sendAll(await request.json<string[]>(), env.DELIVERIES);
      case '/bench/deliver/timed':
        return await handBatchOver(request, env.TIMED);
      case '/bench/deliver/counted':
        return await handBatchOver(request, env.COUNTED);
      case '/bench/cron':
        return await runJobs(env, searchParams);
      case '/bench/alarm':
        await env.WORKSPACE_GATE.getByName(searchParams.get('workspace') ?? '').alarmInTwoDays();
        return Response.json({});
      default:
        return await addingHops(env, (bindings) => worker.fetch(request, bindings, context));
    }
  },

  async queue(batch, env, context) {
    countersOf(env).batches += 1;
    await addingHops(env, (bindings) => worker.queue(batch, bindings, context));
  },
} satisfies ExportedHandler<Environment, DeliveryMessage>;
