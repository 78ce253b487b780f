import type { Bindings, DeliveryMessage } from '../../../src/env.ts';
import worker from '../../../src/index.ts';
import { Hops } from '../../support/hops.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { countingD1, countingNamespace, recordingStores } from '../../worker/support/counting.ts';

export { LinkGate } from '../../../src/objects/link-gate.ts';
export { WorkspaceGate } from '../../../src/objects/workspace-gate.ts';

interface QueueConsumer {
  queue(name: string, messages: readonly object[]): Promise<{ readonly outcome: string }>;
}

interface Environment extends Bindings {
  /** The Worker that is timed, and this one. Each takes a batch as from the queue. */
  readonly TIMED: QueueConsumer;
  readonly COUNTED: QueueConsumer;
}

function withCounters(env: Environment) {
  const database = countingD1(env);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const linkGate = countingNamespace(env.LINK_GATE);
  return {
    batches: 0,
    /** The sum over all requests and batches. */
    hops: 0,
    database,
    gate,
    linkGate,
    bindings: { ...env, ...database.bindings, WORKSPACE_GATE: gate, LINK_GATE: linkGate },
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

/**
 * The Worker with counting bindings. The addresses `/bench/…` belong to the bench: the counts so far, wake-up calls, and batches
 * for the consumer of either Worker.
 */
export default {
  async fetch(request, env, context) {
    const { batches, hops, database, gate, linkGate } = countersOf(env);
    switch (new URL(request.url).pathname) {
      case '/bench/counts':
        return Response.json({
          ...database.counts,
          batches,
          hops,
          gateCalls: gate.calls.length + linkGate.calls.length,
        });
      case '/bench/send':
        return await sendAll(await request.json<string[]>(), env.DELIVERIES);
      case '/bench/deliver/timed':
        return await handBatchOver(request, env.TIMED);
      case '/bench/deliver/counted':
        return await handBatchOver(request, env.COUNTED);
      default:
        return await addingHops(env, (bindings) => worker.fetch(request, bindings, context));
    }
  },

  async queue(batch, env, context) {
    countersOf(env).batches += 1;
    await addingHops(env, (bindings) => worker.queue(batch, bindings, context));
  },
} satisfies ExportedHandler<Environment, DeliveryMessage>;
