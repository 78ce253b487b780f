import { expect } from 'vitest';
import * as z from 'zod';
import { callWith } from './api.ts';
import { type BindingChanges, losingQueue } from './direct.ts';
import type { TestWorkspace } from './workspace.ts';

const queuedAnswer = z.strictObject({ data: z.strictObject({ queued: z.int() }) });

export const DAY = 24 * 60 * 60_000;

/** Asks for a replay, of the last day by default; the wake-up calls are kept, not passed on. */
export async function askReplay(
  shop: TestWorkspace,
  endpointId: string,
  body: Record<string, unknown> = {},
  bindings: BindingChanges = {},
): Promise<{ response: Response; woken: string[] }> {
  const queue = losingQueue();
  const response = await callWith(
    { DELIVERIES: queue, ...bindings },
    shop.key,
    'POST',
    `/webhook-endpoints/${endpointId}/replay`,
    { since: new Date(Date.now() - DAY).toISOString(), ...body },
  );
  return { response, woken: queue.sent.map(({ deliveryId }) => deliveryId) };
}

/** A replay that is taken: how many it queued, and which it woke, in order. */
export async function replay(...asked: Parameters<typeof askReplay>): Promise<{ queued: number; woken: string[] }> {
  const { response, woken } = await askReplay(...asked);
  const text = await response.text();
  expect(response.status, text).toBe(202);
  return { queued: queuedAnswer.parse(JSON.parse(text)).data.queued, woken };
}
