// npm run bundle: builds each Worker like `npm run deploy` and prints its size. Fails if one is above its limit, or contains
// what must not be in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const SHOWN_PACKAGES = 6;
/** Words that only the simulator, its control API and its sink use. */
const OF_SIMULATOR = ['_control', '/sink/', 'simulator', 'Simulator', '4000000000000002'];
/** What `npm start` alone adds to the merchant app. */
const OF_LOCAL_COPY = ['/dev/mail'];

const WORKERS = [
  {
    name: 'Worker',
    config: 'wrangler.toml',
    limitKb: 215,
    words: OF_SIMULATOR,
    // Signing in would double the start-up of the API.
    packages: /^(better-auth|better-call|@better-auth\/.+|@better-fetch\/.+)$/,
  },
  {
    name: 'Merchant app',
    config: 'wrangler.merchant-app.toml',
    limitKb: 430,
    words: [...OF_SIMULATOR, ...OF_LOCAL_COPY],
    packages: /^stripe$/,
  },
];

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

/** Builds a Worker into `out`. Returns its code, and the size of each package in it. */
function build(config, out) {
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  const step = ['deploy', '--config', config, '--env=', '--dry-run', '--outdir', out];
  execFileSync(process.execPath, [wrangler, ...step, '--metafile', join(out, 'meta.json')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const metafile = JSON.parse(readFileSync(join(out, 'meta.json'), 'utf8'));
  return { code: readFileSync(join(out, 'index.js')), sizes: sizesByPackage(metafile) };
}

/** Prints a Worker's size. Returns its faults. */
function check({ name, config, limitKb, words, packages }) {
  const out = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { code, sizes } = build(config, out);
    const kilobytes = gzipSync(code, { level: 9 }).length / 1024;
    console.log(
      `${name} bundle: ${kilobytes.toFixed(1)} KB gzip (limit ${limitKb} KB). The largest parts, before gzip:`,
    );
    for (const [part, bytes] of sizes.slice(0, SHOWN_PACKAGES)) {
      console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${part}`);
    }
    return [
      ...words.filter((word) => code.includes(word)).map((word) => `${name}: the bundle contains ${word}.`),
      ...sizes.filter(([part]) => packages.test(part)).map(([part]) => `${name}: the bundle contains ${part}.`),
      ...(kilobytes > limitKb ? [`${name}: the bundle is over its limit.`] : []),
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const faults = WORKERS.flatMap(check);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
