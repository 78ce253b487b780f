// npm run bundle: builds the Worker like `npm run deploy` and prints its size. Fails above the limit, and if the bundle contains
// anything of the simulator.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 215;
const SHOWN_PACKAGES = 6;
/** Words that only the simulator, its control API and its sink use. */
const FORBIDDEN = ['_control', '/sink/', 'simulator', 'Simulator', '4000000000000002'];

/**
 * The size of each package in the bundle before gzip, the largest first.
 * @param {{ outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> }} metafile
 */
function sizesByPackage({ outputs }) {
  const sizes = new Map();
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  for (const [path, { bytesInOutput }] of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'src';
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].sort(([, one], [, other]) => other - one);
}

const out = mkdtempSync(join(tmpdir(), 'bundle-'));
try {
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  const step = ['deploy', '--env=', '--dry-run', '--outdir', out, '--metafile', join(out, 'meta.json')];
  execFileSync(process.execPath, [wrangler, ...step], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const code = readFileSync(join(out, 'index.js'));
  const kilobytes = gzipSync(code, { level: 9 }).length / 1024;
  const found = FORBIDDEN.filter((word) => code.includes(word));
  console.log(`Worker bundle: ${kilobytes.toFixed(1)} KB gzip (limit ${LIMIT_KB} KB). The largest parts, before gzip:`);
  const sizes = sizesByPackage(JSON.parse(readFileSync(join(out, 'meta.json'), 'utf8')));
  for (const [name, bytes] of sizes.slice(0, SHOWN_PACKAGES)) {
    console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${name}`);
  }
  if (found.length > 0) console.error(`The bundle contains words of the simulator: ${found.join(', ')}`);
  if (kilobytes > LIMIT_KB) console.error('The bundle is over its limit.');
  process.exitCode = found.length > 0 || kilobytes > LIMIT_KB ? 1 : 0;
} finally {
  rmSync(out, { recursive: true, force: true });
}
