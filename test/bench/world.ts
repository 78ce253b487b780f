import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { applyMigrations } from '../../scripts/local/apply-migrations.ts';
import { databaseContext } from '../../scripts/local/database-context.ts';
import { openDatabase } from '../../src/db/client.ts';
import { attachAccount, plainAccount } from '../../src/domain/accounts/attach-account.ts';
import { inWorkspace } from '../../src/domain/context.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createNewPair } from '../../src/domain/workspaces/create-pair.ts';
import { createSimulator } from '../stripe-simulator/simulator.ts';
import { SIMULATED } from '../support/simulated.ts';
import { BARE_ACCOUNT, type BareHandlers, bareHandlers } from './bare.ts';
import type { Bundles } from './bundles.ts';

const PUBLIC = join(import.meta.dirname, '../../public');

/** One Worker to call, with its own workspace. */
export interface Target {
  readonly name: 'timed' | 'counted';
  readonly url: string;
  readonly workspaceId: string;
  readonly account: string;
  readonly key: string;
}

export interface World {
  readonly targets: Readonly<Record<Target['name'], Target>>;
  readonly bare: BareHandlers;
  /** Where the counted Worker takes a batch of deliveries. */
  readonly deliverUrl: string;
  readonly database: D1Database;
  /** The requests to Stripe's API so far. */
  stripeCalls(): number;
  /** Makes one call to the simulator, without the Workers. Throws if it refuses. */
  simulate(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts the real local runtime on direct sockets, the simulator in this process, and one shop per Worker. `close` stops everything. */
export async function startWorld(bundles: Bundles): Promise<World> {
  const simulator = createSimulator({
    baseUrl: SIMULATED.stripeUrl,
    holdEvents: true,
    eventEndpoints: SIMULATED.events,
  });
  let stripeCalls = 0;
  const runtime = startRuntime(bundles, async (request) => {
    if (new URL(request.url).pathname.startsWith('/v1/')) stripeCalls += 1;
    return await simulator.fetch(request);
  });
  const simulate: World['simulate'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await simulator.fetch(new Request(`${SIMULATED.stripeUrl}${path}`, init));
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  const close = async () => {
    await runtime.dispose();
    await simulator.close();
  };
  try {
    const urlOf = async (name: string) => (await runtime.unsafeGetDirectURL(name)).origin;
    await simulate('POST', '/_control/accounts', { id: BARE_ACCOUNT, livemode: false, charges_enabled: true });
    const bare = await bareHandlers(await urlOf('bare'), await runtime.getD1Database('DB', 'bare'));
    const database = await runtime.getD1Database('DB', 'timed');
    for (const binding of [database, await runtime.getD1Database('DB_1', 'timed')]) {
      await applyMigrations(openDatabase(binding));
    }
    const targetOf = async (name: Target['name']): Promise<Target> => ({
      name,
      url: await urlOf(name),
      ...(await openShop(database, simulate, name)),
    });
    return {
      targets: { timed: await targetOf('timed'), counted: await targetOf('counted') },
      bare,
      deliverUrl: `${await urlOf('counted')}/bench/deliver`,
      database,
      stripeCalls: () => stripeCalls,
      simulate,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function startRuntime(bundles: Bundles, outside: (request: Request) => Promise<Response>): Miniflare {
  const { compatibilityDate, compatibilityFlags } = bundles.compatibility;
  const workerOf = (name: string, code: string) => ({
    name,
    modules: [{ type: 'ESModule' as const, path: `${name}.js`, contents: code }],
    compatibilityDate,
    // A batch of deliveries is over when its outcomes are stored, however long that takes on this machine.
    compatibilityFlags: compatibilityFlags.filter((flag) => flag !== 'queue_consumer_no_wait_for_wait_until'),
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  });
  const product = {
    bindings: SIMULATED.variables,
    // The shops are in the first database. The second one is there because no request of theirs may cost more for it.
    d1Databases: { DB: 'shop', DB_1: 'others' },
    durableObjects: {
      WORKSPACE_GATE: { className: 'WorkspaceGate', useSQLite: true },
      LINK_GATE: { className: 'LinkGate', useSQLite: true },
    },
    // Messages are really sent, but not delivered in this time: deliveries are measured separately.
    queueProducers: {
      DELIVERIES: { queueName: 'softsolz-deliveries', deliveryDelay: 3600 },
      RETRIES: { queueName: 'softsolz-retries', deliveryDelay: 3600 },
    },
    serviceBindings: { ASSETS: publicFile },
    outboundService: outside,
  };
  const counted = workerOf('counted', bundles.counted.code);
  return new Miniflare(
    convertV4MiniflareOptions({
      handleStructuredLogs: ({ level, message }) => {
        if (level === 'error') console.error(message);
      },
      workers: [
        { ...workerOf('timed', bundles.index.code), ...product, queueConsumers: ['softsolz-deliveries'] },
        {
          ...counted,
          ...product,
          compatibilityFlags: [...counted.compatibilityFlags, 'service_binding_extra_handlers'],
          serviceBindings: { ...product.serviceBindings, TIMED: 'timed', COUNTED: 'counted' },
        },
        {
          ...workerOf('bare', bundles.bare.code),
          bindings: SIMULATED.variables,
          d1Databases: { DB: 'bare' },
          outboundService: outside,
        },
      ],
    }),
  );
}

/** Answers with a static file, as the platform's binding does. */
async function publicFile(request: Request): Promise<Response> {
  const path = join(PUBLIC, new URL(request.url).pathname);
  return existsSync(path) ? new Response(readFileSync(path)) : new Response('', { status: 404 });
}

async function openShop(binding: D1Database, simulate: World['simulate'], name: string) {
  const { SECRETS_KEY } = SIMULATED.variables;
  const platform = databaseContext(openDatabase(binding), { kind: 'operator' }, { secretsKey: SECRETS_KEY });
  const { sandbox } = await createNewPair(platform, 'Bench');
  const context = inWorkspace(platform, { workspace: sandbox, account: null });
  const account = `acct_bench_${name}`;
  await simulate('POST', '/_control/accounts', { id: account, livemode: false, charges_enabled: true });
  await attachAccount(context, plainAccount(account, true));
  const { secret } = await issueKey(context, {
    kind: 'secret',
    name: 'bench',
    scopes: ['service.payments.*'],
    allowedOrigins: [],
    rateLimitPerMinute: 1_000_000,
  });
  await createEndpoint(context, { url: `${SIMULATED.stripeUrl}/sink/${name}` });
  return { workspaceId: sandbox.id, account, key: secret };
}
