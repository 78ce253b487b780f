// Builds the Worker as `npm run deploy` would, and fails when it is over its size or holds anything of the simulator.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 142;
/** Words that only the simulator, its control and its sink use. */
const FORBIDDEN = ['_control', '/sink/', 'simulator', 'Simulator', '4000000000000002'];

const out = mkdtempSync(join(tmpdir(), 'bundle-'));
try {
  execFileSync('wrangler', ['deploy', '--dry-run', '--outdir', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const code = readFileSync(join(out, 'index.js'));
  const kilobytes = gzipSync(code, { level: 9 }).length / 1024;
  const found = FORBIDDEN.filter((word) => code.includes(word));
  console.log(`Worker bundle: ${kilobytes.toFixed(1)} KB gzip (limit ${LIMIT_KB} KB)`);
  if (found.length > 0) console.error(`The bundle holds what belongs to the simulator: ${found.join(', ')}`);
  if (kilobytes > LIMIT_KB) console.error('The bundle is over its limit.');
  process.exitCode = found.length > 0 || kilobytes > LIMIT_KB ? 1 : 0;
} finally {
  rmSync(out, { recursive: true, force: true });
}
