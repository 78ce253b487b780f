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
const OF_LOCAL_COPY = ['/dev/mail', '/dev/sign-in'];
/** Files that no Worker is made of. */
const NOT_DEPLOYED = /^(scripts|test)\//;

const WORKERS = [
  {
    name: 'Worker',
    config: 'wrangler.toml',
    limitKb: 215,
    words: OF_SIMULATOR,
    // Signing in would double the start-up of the API.
    packages: [/^(better-auth|better-call|@better-auth\/.+|@better-fetch\/.+)$/],
    files: [NOT_DEPLOYED, /^src\/(merchant-app|domain\/(sign-in|members))\//, /^src\/db\/(sign-in|team)/],
  },
  {
    name: 'Merchant app',
    config: 'wrangler.merchant-app.toml',
    limitKb: 430,
    words: [...OF_SIMULATOR, ...OF_LOCAL_COPY],
    packages: [],
    files: [NOT_DEPLOYED],
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

/** Builds a Worker into `out`. Returns its code, the size of each package in it, and the files that it is made of. */
function build(config, out) {
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  const step = ['deploy', '--config', config, '--env=', '--dry-run', '--outdir', out];
  execFileSync(process.execPath, [wrangler, ...step, '--metafile', join(out, 'meta.json')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const metafile = JSON.parse(readFileSync(join(out, 'meta.json'), 'utf8'));
  const files = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  return { code: readFileSync(join(out, 'index.js')), sizes: sizesByPackage(metafile), files };
}

/** Prints a Worker's size. Returns its faults. */
function check({ name, config, limitKb, words, packages, files: unwanted }) {
  const out = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const { code, sizes, files } = build(config, out);
    const bytes = gzipSync(code, { level: 9 }).length;
    const size = `${(bytes / 1024).toFixed(1)} KB (${bytes} bytes) gzip`;
    console.log(`${name} bundle: ${size}, limit ${limitKb} KB. The largest parts, before gzip:`);
    for (const [part, ofPart] of sizes.slice(0, SHOWN_PACKAGES)) {
      console.log(`${(ofPart / 1024).toFixed(1).padStart(8)} KB  ${part}`);
    }
    const parts = [
      ...sizes.map(([part]) => part).filter((part) => packages.some((pattern) => pattern.test(part))),
      ...files.filter((file) => unwanted.some((pattern) => pattern.test(file))),
    ];
    return [
      ...[...words.filter((word) => code.includes(word)), ...parts].map(
        (part) => `${name}: the bundle contains ${part}.`,
      ),
      ...(bytes > limitKb * 1024 ? [`${name}: the bundle is over its limit.`] : []),
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const faults = WORKERS.flatMap(check);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
