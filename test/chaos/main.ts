import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeState, runChaos } from './run-chaos.ts';

// npm run chaos: kills the Worker in the middle of payments, and checks that nothing was lost or counted twice.

const { values } = parseArgs({ options: { seed: { type: 'string' }, kills: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const stateDir = mkdtempSync(join(tmpdir(), 'chaos-'));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

console.log(`Seed ${seed}. To repeat the order of faults: npm run chaos -- --seed ${seed}`);
const { faults, counts } = await runChaos({
  seed,
  kills: Number(values.kills ?? 8),
  burstMs: [2_000, 8_000],
  failAtMost: 2,
  spareRetries: false,
  patienceMs: 60_000,
  calmWithinMs: 190_000,
  stateDir,
  print: console.log,
});
console.log(
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`)
    .join(', '),
);
if (faults.length === 0) {
  removeState(stateDir);
  console.log('✓ Everything agrees with Stripe: no payment is lost, and none counts twice.');
  process.exit(0);
}
for (const fault of faults) console.error(`✗ ${fault}`);
console.error(`${faults.length} faults. The state of the run is in ${stateDir}.`);
process.exit(1);
