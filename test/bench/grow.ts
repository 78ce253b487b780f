import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const ROWS = '1000000';
const LONGEST_MS = String(2 * 60 * 60_000);

/**
 * Fills a database with a million sessions, and prints how many rows each request, cron job and erasure reads then, beside
 * what it read at 2,000. This is the test in `test/worker/growth`, with more rows. Throws if one has grown.
 */
export async function benchGrowth(): Promise<void> {
  console.log(`Filling a database with ${ROWS} sessions …\n`);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const options = ['--project', 'worker', '--testTimeout', LONGEST_MS, '--silent=false', '--reporter=default'];
  const child = spawn(process.execPath, [vitest, 'run', 'test/worker/growth', ...options], {
    cwd: ROOT,
    env: { ...process.env, GROWTH_ROWS: ROWS },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('Something reads more rows than before, or failed.');
}
