// npm run bench: prints sizes, counts and times. With --storage: the bytes of a payment in the database.
// Fails only if something did not work.
import { runBench } from './run-bench.ts';
import { benchStorage } from './storage.ts';

// Only an exit stops the runtime and deletes the temporary files.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await (process.argv.includes('--storage') ? benchStorage() : runBench());
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
