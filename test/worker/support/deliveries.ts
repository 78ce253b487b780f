import { vi } from 'vitest';
import * as z from 'zod';
import { type BindingChanges, consume, losingQueue, type SentMessage } from './direct.ts';
import { rowsEverywhere } from './shards.ts';
import type { TestWorkspace } from './workspace.ts';

export interface Attempted {
  readonly acked: string[];
  readonly retried: string[];
  /** The wake-up calls sent on; they go nowhere. */
  readonly sent: SentMessage[];
}

/** Hands deliveries to the consumer in one batch: to that of retries, which attempts whatever is due. */
export async function attempt(deliveryIds: readonly string[], changes: BindingChanges = {}): Promise<Attempted> {
  const queue = losingQueue();
  const result = await consume(deliveryIds, { DELIVERIES: queue, RETRIES: queue, ...changes }, 'softsolz-retries');
  return { ...result, sent: queue.sent };
}

export async function deliveryRow(id: string | undefined): Promise<Record<string, unknown>> {
  const [row] = await rowsEverywhere('SELECT * FROM deliveries WHERE id = ?', id ?? '');
  if (!row) throw new Error(`There is no delivery ${id}`);
  return row;
}

const attemptRow = z.strictObject({
  number: z.int(),
  at: z.int(),
  statusCode: z.nullable(z.int()),
  durationMs: z.int(),
  error: z.nullable(z.string()),
  responseBody: z.string(),
});

/** The attempts at a delivery, oldest first. */
export async function attemptsOf(id: string | undefined): Promise<Record<string, unknown>[]> {
  const stored = z.array(attemptRow).parse(JSON.parse(String((await deliveryRow(id)).attempts)));
  return stored.map(({ statusCode, durationMs, responseBody, ...attempt }) => ({
    ...attempt,
    status_code: statusCode,
    duration_ms: durationMs,
    response_body: responseBody,
  }));
}

/** The one endpoint of a workspace. */
export async function endpointRow(shop: TestWorkspace): Promise<Record<string, unknown>> {
  const [row] = await rowsEverywhere('SELECT * FROM webhook_endpoints WHERE workspace_id = ?', shop.workspace.id);
  if (!row) throw new Error('This workspace has no endpoint');
  return row;
}

/** Sets columns of the workspace's endpoint. */
export async function setEndpoint(shop: TestWorkspace, columns: Record<string, unknown>): Promise<void> {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`);
  await shop.binding
    .prepare(`UPDATE webhook_endpoints SET ${assignments.join(', ')} WHERE workspace_id = ?`)
    .bind(...Object.values(columns), shop.workspace.id)
    .run();
}

/** Only the Date is fake: timers, and so the time limits of requests, stay real. */
export function freezeTime(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
}

export function passTime(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** A receiver that no sink can play: answers the requests to a URL in place of the network. Undone by `restoreAllMocks`. */
export function playReceiver(
  url: unknown,
  answer: (request: { signal: AbortSignal | null }) => Response | Promise<Response>,
): { received: number } {
  const network = globalThis.fetch;
  const seen = { received: 0 };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    if (input !== url) return await network(input, init);
    seen.received += 1;
    return await answer({ signal: init?.signal ?? null });
  });
  return seen;
}
