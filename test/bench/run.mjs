// npm run bench: prints sizes, counts and times. With --storage: the bytes of a payment in the database. With --grow: the
// rows that are read at a million sessions. With --cost: writes the tables of docs/cost.md. With --paint: the first
// paint of the pages on Slow 3G. Fails only if something did not work, or reads more rows than with few sessions.
import { benchCost } from './cost.ts';
import { benchGrowth } from './grow.ts';
import { benchPaint } from './paint.ts';
import { runBench } from './run-bench.ts';
import { benchStorage } from './storage.ts';

// Only an exit stops the runtime and deletes the temporary files.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  if (process.argv.includes('--storage')) await benchStorage();
  else if (process.argv.includes('--grow')) await benchGrowth();
  else if (process.argv.includes('--cost')) await benchCost();
  else if (process.argv.includes('--paint')) await benchPaint();
  else await runBench();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
