import * as z from 'zod';
import { type Bundles, buildBundles } from './bundles.ts';
import { type Measured, measure, type NextCall } from './measure.ts';
import { measureDeliveries } from './measure-deliveries.ts';
import { ask, type Operation, operationsOf } from './operations.ts';
import { type Counts, printDeliveries, printReport } from './report.ts';
import { startWorld, type World } from './world.ts';

const counters = z.object({ roundTrips: z.int(), rowsWritten: z.int(), gateCalls: z.int() });
/** Enough sessions for one full batch of deliveries. */
const COUNTED_CALLS = 10;

/** Builds, starts, counts, measures and prints. Throws when an operation did not do what it should, never for a time. */
export async function runBench(): Promise<void> {
  console.log('Building the Worker and the bare handler …');
  const bundles = await buildBundles();
  await benchOperations(bundles);
  console.log('\nDelivering webhooks through the real queues, about a minute …\n');
  printDeliveries(await measureDeliveries(bundles));
}

async function benchOperations(bundles: Bundles): Promise<void> {
  const world = await startWorld(bundles);
  try {
    const counts = new Map<string, Counts>();
    await eachOperation(world, 'counted', async ({ name, next }) => void counts.set(name, await count(world, next)));
    console.log('Measuring, less than a minute …\n');
    const bare: NextCall = () => async () => void (await ask(world.bareUrl, {}, 200));
    const measured = new Map<string, Measured>();
    await eachOperation(world, 'timed', async ({ name, next, parallel }) => {
      measured.set(name, await measure(next, bare, parallel));
    });
    printReport(bundles, counts, measured);
  } finally {
    await world.close();
  }
}

type Run = (operation: Operation) => Promise<void>;

async function eachOperation(world: World, target: 'timed' | 'counted', run: Run): Promise<void> {
  for (const operation of operationsOf(world, world.targets[target])) {
    await operation.prepare?.();
    await run(operation);
    await operation.verify?.();
  }
}

/** What one call asks of the database, the gate and Stripe, on average of a few. */
async function count(world: World, next: NextCall): Promise<Counts> {
  const read = async () => {
    const answer = await ask(`${world.targets.counted.url}/bench/counts`, {}, 200);
    const { roundTrips, rowsWritten, gateCalls } = counters.parse(JSON.parse(answer));
    return [roundTrips, rowsWritten, gateCalls, world.stripeCalls()];
  };
  const before = await read();
  let calls = 0;
  for (let call = next(); call; call = calls < COUNTED_CALLS ? next() : null) {
    await call();
    calls += 1;
  }
  const after = await read();
  return after.map((value, index) => (value - (before[index] ?? 0)) / calls);
}
