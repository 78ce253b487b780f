import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as z from 'zod';
import { app as api } from '../../../src/app.ts';
import type { Bindings } from '../../../src/env.ts';
import { configOf, type DeliveryMessage } from '../../../src/env.ts';
import { deliverWebhooks } from '../../../src/queue/deliver-webhooks.ts';
import { SIMULATED } from '../../support/simulated.ts';

/** The bindings of the API: those of the app, and a limit of the widget's frame that no test here reaches. */
const bindings: Bindings = {
  ...z.custom<Bindings>().parse(env),
  EMBED_RATE: { limit: async () => ({ success: true }) },
};

/** The address of a sink of the simulator: a receiver that keeps what it gets. */
export function sinkUrl(sink: string): string {
  return `${SIMULATED.stripeUrl}/sink/${sink}`;
}

/** How a sink answers from now on. */
export async function scriptSink(sink: string, script: Readonly<Record<string, unknown>>): Promise<void> {
  const init = { method: 'PUT', body: JSON.stringify(script), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(sinkUrl(sink), init);
  if (!response.ok) throw new Error(await response.text());
}

const sinkLog = z.object({
  data: z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string(), status: z.number() })),
});

/** What a sink has received, oldest first. */
export async function sinkRequests(sink: string) {
  return sinkLog.parse(await (await fetch(`${sinkUrl(sink)}/log`)).json()).data;
}

/** Makes an attempt of each of these deliveries that is due, as the queue does. */
export async function attemptNow(deliveryIds: readonly string[]): Promise<void> {
  const config = configOf(bindings);
  if (!config.ok) throw new Error(config.faults.join('; '));
  const messages = deliveryIds.map((deliveryId, index) => ({
    id: `message-${index}`,
    timestamp: new Date(),
    attempts: 1,
    body: { deliveryId },
  }));
  const batch = createMessageBatch<DeliveryMessage>('softsolz-retries', messages);
  const execution = createExecutionContext();
  await deliverWebhooks(batch, bindings, config.config, execution);
  await getQueueResult(batch, execution);
}

/** A request to the API with a secret key. */
export async function callApi(key: string, method: string, path: string, body?: unknown): Promise<Response> {
  const init = {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return await api.fetch(
    new Request(`${SIMULATED.variables.PUBLIC_URL}/api/v1/services/payments${path}`, init),
    bindings,
    createExecutionContext(),
  );
}
