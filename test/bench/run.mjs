// `npm run bench`: prints times, counts and sizes. Fails only when something did not work.
import { runBench } from './run-bench.ts';

// Exiting is what makes the runtime stop and the temporary files go.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await runBench();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
