import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { median } from './measure.ts';

const ROOT = join(import.meta.dirname, '../..');
const WRANGLER = createRequire(import.meta.url).resolve('wrangler');
const START_UPS = 7;

/** What wrangler would deploy. */
export interface Bundle {
  readonly code: string;
  readonly gzipKilobytes: number;
  /** Median milliseconds of processor time to load and run the module in a fresh V8 isolate of Node. */
  readonly startUpCpuMs: number;
}

export interface Bundles {
  readonly index: Bundle;
  readonly bare: Bundle;
  readonly counted: Bundle;
  readonly compatibility: { readonly compatibilityDate: string; readonly compatibilityFlags: string[] };
}

/** Builds the Worker, the bare handler and the counted Worker as `wrangler deploy` does. Needs no network. */
export async function buildBundles(): Promise<Bundles> {
  const compatibility = readCompatibility();
  const bare = ['--config', 'test/bench/workers/bare.toml', '--compatibility-date', compatibility.compatibilityDate];
  return {
    index: await build('index', []),
    bare: await build('bare', bare),
    counted: await build('counted', ['test/bench/workers/counted.ts']),
    compatibility,
  };
}

async function build(name: string, sourceArguments: string[]): Promise<Bundle> {
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  execFileSync(process.execPath, [WRANGLER, 'deploy', ...sourceArguments, '--env=', '--dry-run', '--outdir', out], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const code = readFileSync(join(out, `${name}.js`), 'utf8');
  const gzipKilobytes = gzipSync(code, { level: 9 }).length / 1024;
  return { code, gzipKilobytes, startUpCpuMs: await startUpOf(join(out, 'in-node.mjs'), code) };
}

function readCompatibility(): Bundles['compatibility'] {
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const [, date] = /^compatibility_date = "(.+)"$/m.exec(toml) ?? [];
  const [, flags] = /^compatibility_flags = (\[.*\])$/m.exec(toml) ?? [];
  if (!date || !flags) throw new Error('wrangler.toml: compatibility_date and compatibility_flags need a line each.');
  return { compatibilityDate: date, compatibilityFlags: JSON.parse(flags) };
}

async function startUpOf(path: string, code: string): Promise<number> {
  const platform = `data:text/javascript,${encodeURIComponent('export class DurableObject {} export class WorkerEntrypoint {}')}`;
  writeFileSync(path, code.replaceAll('"cloudflare:workers"', JSON.stringify(platform)));
  const times: number[] = [];
  while (times.length < START_UPS) {
    const thread = new Worker(join(import.meta.dirname, 'start-up.ts'), { workerData: pathToFileURL(path).href });
    times.push(await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject)));
  }
  return median(times);
}
