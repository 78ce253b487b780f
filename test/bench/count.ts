import * as z from 'zod';
import { ask } from './ask.ts';
import type { NextCall } from './measure.ts';
import type { World } from './world.ts';

const counters = z.object({
  /** Calls to D1, gates and Stripe that the answer waits for one after another (test/support/hops.ts). */
  hops: z.number(),
  roundTrips: z.number(),
  /** As D1 bills them, with entries of indexes. */
  rowsRead: z.number(),
  rowsWritten: z.number(),
  /** Calls to the Durable Objects, and the rows that these write. */
  gateCalls: z.number(),
  objectRowsWritten: z.number(),
  /** Queue messages. */
  messages: z.number(),
  logLines: z.number(),
});
const NAMES = counters.keyof().options;

/** What one request costs. */
export type Counts = z.output<typeof counters> & { readonly stripe: number };

/** How many calls are counted: enough sessions for one full batch of deliveries. */
const CALLS = 10;

/** What one call costs, as the average of at most so many. `after` runs after each. */
export async function count(
  world: World,
  next: NextCall,
  { most = CALLS, after = async () => {} }: { most?: number; after?: () => Promise<void> } = {},
): Promise<Counts> {
  const before = await readCounters(world);
  let calls = 0;
  for (let call = next(); call; call = calls < most ? next() : null) {
    await call();
    await after();
    calls += 1;
  }
  return each(before, await readCounters(world), calls);
}

/** The counts from `before` to `after`, divided by the number of calls. */
export function each(before: Counts, after: Counts, calls: number): Counts {
  const per = (name: keyof Counts) => (after[name] - before[name]) / calls;
  const of = Object.fromEntries(NAMES.map((name) => [name, per(name)]));
  return { ...counters.parse(of), stripe: per('stripe') };
}

/** The counts of the counted Worker so far. */
export async function readCounters(world: World): Promise<Counts> {
  const answer = await ask(`${world.targets.counted.url}/bench/counts`, {}, 200);
  return { ...counters.parse(JSON.parse(answer)), stripe: world.stripeCalls() };
}
