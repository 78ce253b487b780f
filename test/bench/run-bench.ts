import { type Bundles, buildBundles } from './bundles.ts';
import { type BenchCase, benchCases } from './cases.ts';
import { count } from './count.ts';
import { measure, type NextCall } from './measure.ts';
import { measureDeliveries } from './measure-deliveries.ts';
import { COUNTS_EXPLAINED, printCounts, printDeliveries, printSizes, printTimes, TIMES_EXPLAINED } from './report.ts';
import { startWorld, type World } from './world.ts';

/** Builds, counts, measures and prints. Throws if a request did not do what it should, never because of a time. */
export async function runBench(): Promise<void> {
  console.log('Building the Worker and the bare handlers …\n');
  const bundles = await buildBundles();
  printSizes(bundles);
  await benchRequests(bundles);
  console.log('\nDelivering webhooks through the real queues, about a minute …\n');
  printDeliveries(await measureDeliveries(bundles));
}

async function benchRequests(bundles: Bundles): Promise<void> {
  const world = await startWorld(bundles);
  try {
    console.log('\nCounting what one request costs …\n');
    await eachCase(world, 'counted', async (benchCase) => printCounts(benchCase, await count(world, benchCase.next)));
    console.log(`\n${COUNTS_EXPLAINED}\n\nMeasuring, about two minutes …\n`);
    await eachCase(world, 'timed', async (benchCase) => {
      const bare: NextCall = () => async () => void (await world.bare[benchCase.bare]());
      printTimes(benchCase, await measure(benchCase.next, bare, benchCase.parallel));
    });
    console.log(`\n${TIMES_EXPLAINED}`);
  } finally {
    await world.close();
  }
}

type Run = (benchCase: BenchCase) => Promise<void>;

async function eachCase(world: World, target: 'timed' | 'counted', run: Run): Promise<void> {
  for (const benchCase of benchCases(world, world.targets[target])) {
    await benchCase.prepare?.();
    await run(benchCase);
    await benchCase.verify?.();
  }
}
