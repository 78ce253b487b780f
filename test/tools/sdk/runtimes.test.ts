import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlock } from '../../support/sdk-readme.ts';
import { requestOf, VECTORS } from '../../support/webhook-vectors.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const EXPECTED = VECTORS.map(({ reason = 'accepted' }) => reason);

/** The vectors through the helper, as a module for any runtime. */
const outcomes = (helper: string) => `
  import { verifyWebhook } from './${helper}';
  const requests = ${JSON.stringify(
    VECTORS.map((vector) => {
      const { body, headers } = requestOf(vector);
      return { body: body.toString('base64'), headers, secret: vector.secrets, now: vector.now };
    }),
  )};
  export async function outcomes() {
    const all = [];
    for (const { body, ...options } of requests) {
      const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
      const accepted = (event) => (event.id === 'evt_0b1946ac92492d2347c6235b4d2611184' ? 'accepted' : 'another event');
      all.push(await verifyWebhook({ body: bytes, ...options }).then(accepted, (error) => error.reason ?? String(error)));
    }
    return all;
  }`;

/** A script that prints the outcomes, after the statements of \`before\`. */
const script = (helper: string, before = '') => `${outcomes(helper)}
  ${before}
  console.log(JSON.stringify(await outcomes()));`;

/** Every program of that name on the PATH, by its path. */
function programs(name: string): string[] {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return [...new Set(candidates)].filter((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const output = (command: string, given: string[]) =>
  spawnSync(command, given, { encoding: 'utf8', cwd: folder, timeout: 60_000 });

/** This Node, and of those on the PATH one of each version that the helper is for. */
function nodes(): [version: string, path: string][] {
  const versions = new Map<string, string>();
  for (const path of [process.execPath, ...programs('node')]) {
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim();
    if (Number.parseInt(version.slice(1), 10) >= 18 && !versions.has(version)) versions.set(version, path);
  }
  return [...versions];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'softsolz-sdk-'));
  copyFileSync(join(ROOT, 'sdk/verify-webhook.ts'), join(folder, 'verify-webhook.ts'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const [, given = ''] = /^npx -p typescript tsc (.*)$/.exec(compileCommand()) ?? [];
  const { status, stdout } = output(join(ROOT, 'node_modules/.bin/tsc'), given.split(' '));
  if (status !== 0) throw new Error(`The guide's compile command failed: ${stdout}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compileCommand(): string {
  const guide = readFileSync(join(ROOT, 'sdk/README.md'), 'utf8');
  return guide.split('\n').find((line) => line.startsWith('npx -p typescript')) ?? '';
}

function run(command: string, options: string[], source: string): unknown {
  const file = join(folder, 'main.mjs');
  writeFileSync(file, source);
  const { status, stdout, stderr } = output(command, [...options, file]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe('the helper', () => {
  it('runs as it is where this Node takes TypeScript', () => {
    const options = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];
    expect(run(process.execPath, options, script('verify-webhook.ts'))).toEqual(EXPECTED);
  });

  describe.each(nodes())('compiled, with Node %s', (_, node) => {
    it('runs', () => {
      expect(run(node, [], script('verify-webhook.js'))).toEqual(EXPECTED);
    });

    it('runs without a global crypto, as Node 18 has none', () => {
      const before = "delete globalThis.crypto; if ('crypto' in globalThis) throw new Error('Still there.');";
      expect(run(node, [], script('verify-webhook.js', before))).toEqual(EXPECTED);
    });
  });

  it.each(programs('deno').concat(programs('bun')))('runs as it is with %s', (runtime) => {
    expect(run(runtime, ['run'], script('verify-webhook.ts'))).toEqual(EXPECTED);
  });

  describe('in a Worker without Node compatibility', () => {
    const inWorker = async (before: string): Promise<unknown> => {
      const worker = `${outcomes('verify-webhook.js')}
        export default { async fetch() { ${before} return Response.json(await outcomes()); } };`;
      const compiled = readFileSync(join(folder, 'verify-webhook.js'), 'utf8');
      const runtime = new Miniflare(
        convertV4MiniflareOptions({
          compatibilityDate: '2026-01-01',
          modules: [
            { type: 'ESModule', path: 'main.js', contents: worker },
            { type: 'ESModule', path: 'verify-webhook.js', contents: compiled },
          ],
        }),
      );
      try {
        return await (await runtime.dispatchFetch('http://worker.example/')).json();
      } finally {
        await runtime.dispose();
      }
    };

    it('runs', async () => {
      expect(await inWorker('')).toEqual(EXPECTED);
    });

    it('says what is missing where there is no Web Crypto at all', async () => {
      const reasons = await inWorker('globalThis.crypto = undefined;');
      expect(reasons).toEqual(
        EXPECTED.map((reason) =>
          ['accepted', 'signature_mismatch', 'malformed_body'].includes(reason) ? 'crypto_unavailable' : reason,
        ),
      );
    });
  });
});

describe("the guide's handler of events", () => {
  it('has the data of each type typed', () => {
    const declared = `
      declare function ship(reference: string | null, amountCents: number, currency: string): Promise<void>;
      declare function answerDispute(paymentId: number, reason: string): Promise<void>;
      export { handle };`;
    const typed = codeBlock('ts', 'switch (event.type)');
    const options = [
      '--noEmit',
      '--strict',
      '--allowImportingTsExtensions',
      '--target',
      'es2022',
      '--module',
      'esnext',
    ];
    const check = (code: string) => {
      writeFileSync(join(folder, 'handle.ts'), `${code}${declared}`);
      return output(join(ROOT, 'node_modules/.bin/tsc'), ['handle.ts', ...options, '--moduleResolution', 'bundler']);
    };
    expect(check(typed).stdout).toBe('');
    expect(check(typed.replace('event.data.amount_cents', 'event.data.dispute_id')).stdout).toContain('dispute_id');
  });
});
