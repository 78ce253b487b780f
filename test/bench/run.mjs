// npm run bench: prints sizes, counts and times. Fails only if something did not work.
import { runBench } from './run-bench.ts';

// Only an exit stops the runtime and deletes the temporary files.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await runBench();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
