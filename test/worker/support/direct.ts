import { createExecutionContext, createMessageBatch, createScheduledController, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { CRON_JOBS, jobContext, runJobs } from '../../../src/cron/jobs.ts';
import type { JobContext } from '../../../src/domain/context.ts';
import { type Bindings, type Config, configOf, type DeliveryMessage } from '../../../src/env.ts';
import worker from '../../../src/index.ts';
import { countingD1, limitedD1 } from './counting.ts';
import { documented } from './documented.ts';

/** Bindings that stand in place of the real ones; an `undefined` variable is as if it had never been set. */
export type BindingChanges = Partial<Bindings>;

/** One request to the Worker with some bindings changed. An answer of the API is held to the OpenAPI document. */
export async function fetchWith(changes: BindingChanges, request: Request): Promise<Response> {
  const response = await worker.fetch(request, { ...env, ...changes }, createExecutionContext());
  return await documented(request.method, request.url, response);
}

/** Runs the cron of all shards once, with some bindings changed, also for the shards that have invocations of their own. */
export async function runCron(changes: BindingChanges = {}): Promise<void> {
  const bindings = { ...env, ...changes };
  const own = { ShardCron: { run: (shard: string) => runJobs(bindings, configFor(bindings), shard) } };
  const execution = new Proxy(createExecutionContext(), {
    get: (target, name) => (name === 'exports' ? own : Reflect.get(target, name)),
  });
  await worker.scheduled(createScheduledController(), bindings, execution);
}

/** The configuration of these bindings. */
export function configFor(bindings: Bindings): Config {
  const parsed = configOf(bindings);
  if (!parsed.ok) throw new Error(`Configuration: ${parsed.faults.join('; ')}`);
  return parsed.config;
}

type JobName = (typeof CRON_JOBS)[number]['name'];

function jobNamed(name: JobName) {
  const job = CRON_JOBS.find((one) => one.name === name);
  if (!job) throw new Error(`There is no job ${name}`);
  return job;
}

/** What one job of the cron takes to run by itself in a shard, with the job's own budget and some bindings changed. */
export function contextOfJob(name: JobName, changes: BindingChanges, shard: string): JobContext {
  const bindings = { ...env, ...changes };
  return jobContext(bindings, configFor(bindings), shard, jobNamed(name).limits);
}

/** Bindings for one run of a job: the database throws after the job's own number of queries, wake-up calls are lost. */
export function limitedJob(name: JobName): BindingChanges {
  const { bindings } = limitedD1(env, jobNamed(name).limits.queries);
  return { ...bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() };
}

/** Hands messages to the consumer in one batch. Answers what it did with each: acknowledged, or to come again. */
export async function consume(
  deliveryIds: readonly string[],
  changes: BindingChanges = {},
  queue = 'softsolz-deliveries',
): Promise<{ acked: string[]; retried: string[] }> {
  const batch = batchOf(deliveryIds, queue);
  const context = createExecutionContext();
  await worker.queue(batch, { ...env, ...changes }, context);
  const result = await getQueueResult(batch, context);
  return { acked: result.explicitAcks, retried: result.retryMessages.map((message) => message.msgId) };
}

/** A batch handed to a consumer: `answered` when the queue has its answer, `over` when every request has ended. */
export function hand(deliveryIds: readonly string[], queue: string) {
  const fresh = losingQueue();
  const retries = losingQueue();
  const database = countingD1(env);
  const batch = batchOf(deliveryIds, queue);
  const context = createExecutionContext();
  const answered = worker.queue(batch, { ...env, ...database.bindings, DELIVERIES: fresh, RETRIES: retries }, context);
  return { answered, over: () => getQueueResult(batch, context), fresh: fresh.sent, retries: retries.sent, database };
}

/** The same, once every request has ended. */
export async function handAndFinish(deliveryIds: readonly string[], queue: string) {
  const handed = hand(deliveryIds, queue);
  await handed.answered;
  const { explicitAcks } = await handed.over();
  return { ...handed, acked: explicitAcks };
}

function batchOf(deliveryIds: readonly string[], queue: string): MessageBatch<DeliveryMessage> {
  const messages = deliveryIds.map((deliveryId, index) => ({
    id: `message-${index}`,
    timestamp: new Date(),
    attempts: 1,
    body: { deliveryId },
  }));
  return createMessageBatch<DeliveryMessage>(queue, messages);
}

export interface SentMessage {
  readonly deliveryId: string;
  readonly delaySeconds: number | null;
}

/** A queue that keeps what is sent to it and passes nothing on: every wake-up call is lost. */
export function losingQueue(): Queue<DeliveryMessage> & { readonly sent: SentMessage[]; readonly calls: number[] } {
  const sent: SentMessage[] = [];
  const calls: number[] = [];
  const metrics = { backlogCount: 0, backlogBytes: 0 };
  return {
    sent,
    calls,
    metrics: async () => metrics,
    send: async (body, options) => {
      calls.push(1);
      sent.push({ deliveryId: body.deliveryId, delaySeconds: options?.delaySeconds ?? null });
      return { metadata: { metrics } };
    },
    sendBatch: async (batch) => {
      const messages = [...batch];
      calls.push(messages.length);
      sent.push(
        ...messages.map(({ body, delaySeconds }) => ({
          deliveryId: body.deliveryId,
          delaySeconds: delaySeconds ?? null,
        })),
      );
      return { metadata: { metrics } };
    },
  };
}

/** A queue that is down. */
export function brokenQueue(): Queue<DeliveryMessage> {
  const fail = async () => {
    throw new Error('Queue is temporarily unavailable');
  };
  return { metrics: fail, send: fail, sendBatch: fail };
}
