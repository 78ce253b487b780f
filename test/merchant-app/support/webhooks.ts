import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from 'cloudflare:test';
import { app as api } from '../../../src/app.ts';
import type { Bindings } from '../../../src/env.ts';
import { configOf, type DeliveryMessage } from '../../../src/env.ts';
import { deliverWebhooks } from '../../../src/queue/deliver-webhooks.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { takeStripeEvents } from '../../worker/support/simulator.ts';
import { bindings } from './app.ts';

/** The bindings of the API: those of the app, and a limit of the widget's frame that no test here reaches. */
const ofApi: Bindings = { ...bindings, EMBED_RATE: { limit: async () => ({ success: true }) } };

/** Makes an attempt of each of these deliveries that is due, as the queue does. */
export async function attemptNow(deliveryIds: readonly string[]): Promise<void> {
  const config = configOf(ofApi);
  if (!config.ok) throw new Error(config.faults.join('; '));
  const messages = deliveryIds.map((deliveryId, index) => ({
    id: `message-${index}`,
    timestamp: new Date(),
    attempts: 1,
    body: { deliveryId },
  }));
  const batch = createMessageBatch<DeliveryMessage>('softsolz-retries', messages);
  const execution = createExecutionContext();
  await deliverWebhooks(batch, ofApi, config.config, execution);
  await getQueueResult(batch, execution);
}

/** Sends the API every Stripe event that is held for this account. */
export async function deliverStripeEvents(account: string): Promise<void> {
  for (const { url, headers, body } of await takeStripeEvents(account)) {
    const execution = createExecutionContext();
    const response = await api.fetch(new Request(url, { method: 'POST', headers, body }), ofApi, execution);
    if (!response.ok) throw new Error(`The API answered ${response.status} to ${url}: ${await response.text()}`);
    await waitOnExecutionContext(execution);
  }
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
    ofApi,
    createExecutionContext(),
  );
}
