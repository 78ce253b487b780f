// npm run bench: prints sizes, counts and times. With --storage: the bytes of a payment in the database. With --grow: the
// rows that are read at a million sessions. Fails only if something did not work, or reads more rows than with few sessions.
import { benchGrowth } from './grow.ts';
import { runBench } from './run-bench.ts';
import { benchStorage } from './storage.ts';

// Only an exit stops the runtime and deletes the temporary files.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  if (process.argv.includes('--storage')) await benchStorage();
  else await (process.argv.includes('--grow') ? benchGrowth() : runBench());
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
