import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { createSimulator, type Simulator } from './test/stripe-simulator/simulator.ts';
import { SIMULATED } from './test/support/simulated.ts';
import { answerTurnstile, TURNSTILE } from './test/support/simulated-turnstile.ts';

/** The outside world of the worker tests: the Stripe simulators, their sinks, and Turnstile's verification. Every other address is refused. */
const simulators = new Map<string, Simulator>(
  [SIMULATED.stripeUrl, ...SIMULATED.travellingStripeUrls].map((baseUrl) => [
    baseUrl,
    createSimulator({ baseUrl, holdEvents: true, eventEndpoints: SIMULATED.events }),
  ]),
);

async function outside(request: Request): Promise<Response> {
  if (request.url === TURNSTILE.verifyUrl) return await answerTurnstile(request);
  const simulator = simulators.get(new URL(request.url).origin);
  if (!simulator) return new Response(`Refused: ${request.url} is not part of the test`, { status: 599 });
  return await simulator.fetch(request);
}

const DISK = tmpdir();
const MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 ** 30;

/** A third of the time of tests that write went to waiting for the disk. Without much memory to spare, storage stays there. */
function temporaryStorage(): string {
  if (!existsSync(MEMORY)) return DISK;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= NEEDED_BYTES ? MEMORY : DISK;
}

const worker = cloudflareTest(async () => {
  // Read by Miniflare, which is about to make its folder.
  process.env.TMPDIR = temporaryStorage();
  return {
    main: './src/index.ts',
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      d1Databases: { DB_1: 'softsolz-payments-1' },
      bindings: {
        ...SIMULATED.variables,
        TEST_MIGRATIONS: await readD1Migrations('./drizzle'),
        TEST_GROWTH_ROWS: process.env.GROWTH_ROWS ?? '',
        TEST_OPENAPI: readFileSync('./public/openapi.json', 'utf8'),
      },
      outboundService: outside,
    },
  };
});

const merchantApp = cloudflareTest(async () => {
  process.env.TMPDIR = temporaryStorage();
  return {
    // The app, and the objects of the API, which it reaches in another Worker when it is deployed.
    main: './test/merchant-app/support/worker.ts',
    wrangler: { configPath: './wrangler.merchant-app.toml' },
    miniflare: {
      d1Databases: { DB_1: 'softsolz-payments-1' },
      durableObjects: {
        WORKSPACE_GATE: { className: 'WorkspaceGate', useSQLite: true },
        LINK_GATE: { className: 'LinkGate', useSQLite: true },
      },
      bindings: { ...SIMULATED.variables, TEST_MIGRATIONS: await readD1Migrations('./drizzle') },
      outboundService: outside,
    },
  };
});

/** The limits are met only by a test that hangs, on a machine under any load. */
const COMMON = {
  env: { TMPDIR: DISK },
  testTimeout: 120_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    silent: 'passed-only',
    // Most of the time is spent waiting, in Chromium and in workerd: also two cores carry three files at once.
    maxWorkers: 3,
    reporters: ['default', ['json', { outputFile: 'test-results/report.json' }]],
    projects: [
      { test: { ...COMMON, name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads', isolate: false } },
      { test: { ...COMMON, name: 'tools', include: ['test/tools/**/*.test.ts'] } },
      {
        plugins: [worker],
        test: {
          ...COMMON,
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          // The files share two runtimes, each file with storage of its own: starting one costs 1.5 s of processor time.
          isolate: false,
          setupFiles: [
            'test/worker/support/worker-log.ts',
            'test/worker/support/fresh-storage.ts',
            'test/worker/support/one-database.ts',
          ],
          disableConsoleIntercept: true,
          deps: {
            optimizer: {
              ssr: {
                enabled: true,
                include: [
                  'stripe',
                  'standardwebhooks',
                  '@hyperjump/json-schema/openapi-3-1',
                  '@hyperjump/json-schema/experimental',
                  '@hyperjump/json-schema/formats',
                ],
              },
            },
          },
        },
      },
      {
        plugins: [merchantApp],
        test: {
          ...COMMON,
          name: 'merchant-app',
          include: ['test/merchant-app/**/*.test.ts'],
          // The files share one runtime and its databases: each makes people and workspaces of its own.
          isolate: false,
          setupFiles: ['test/worker/support/worker-log.ts', 'test/merchant-app/support/migrated.ts'],
          disableConsoleIntercept: true,
          deps: { optimizer: { ssr: { enabled: true, include: ['stripe'] } } },
        },
      },
      {
        test: {
          ...COMMON,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/support/stack.ts'],
        },
      },
    ],
  },
});
