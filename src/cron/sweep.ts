import { openDatabase } from '../db/client.ts';
import { sweepDeliveries } from '../domain/webhooks/delivery/sweep.ts';
import type { Bindings } from '../env.ts';
import { wakeDeliveries } from '../queue/wake-deliveries.ts';

/** Wakes the deliveries whose wake-up call was lost, by the queue of retries: what piles up holds up no first attempt. */
export async function sweep(env: Bindings): Promise<void> {
  await sweepDeliveries({
    database: openDatabase(env.DB),
    now: Date.now,
    wake: wakeDeliveries(env.RETRIES, null),
  });
}
