import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/local/settings.ts';
import { freePort } from '../support/free-port.ts';
import { writeDatabaseConfig } from './databases.ts';
import { type Host, startHost } from './hosts.ts';
import { type Rows, rowsSchema } from './rows.ts';

/** What a run's programs listen on and write to. */
export interface Places {
  readonly stateDir: string;
  /** Which databases there are. */
  readonly configFile: string;
  readonly baseUrl: string;
  readonly stripeUrl: string;
  readonly receiversUrl: string;
  /** Where the rows of the Worker's databases are read, beside the Worker. */
  readonly keeperUrl: string;
  readonly receiversPort: number;
  /** Where Stripe's process writes down what happened. */
  readonly ledgerFile: string;
}

/** The Worker, Stripe, and how to kill the Worker. */
export class Stack {
  readonly places: Places;
  readonly platformKey = `sk_test_chaos${randomBytes(12).toString('hex')}`;
  readonly secretsKey = randomBytes(32).toString('base64');
  readonly #webhookSecret = `whsec_${randomBytes(24).toString('hex')}`;
  #stripe: Host | null = null;
  #worker: Host | null = null;

  constructor(places: Places) {
    this.places = places;
  }

  async startStripe(): Promise<void> {
    const { stripeUrl, baseUrl, ledgerFile } = this.places;
    const endpoint = (mode: string) => ({ url: `${baseUrl}/api/stripe/events/${mode}`, secret: this.#webhookSecret });
    const input = {
      port: Number(new URL(stripeUrl).port),
      stateFile: ledgerFile,
      eventEndpoints: { test: endpoint('test'), live: endpoint('live') },
    };
    this.#stripe = await startHost('stripe-host.ts', input, join(this.places.stateDir, 'stripe.log'));
  }

  /** Builds the Worker as `wrangler deploy` does, and writes down which databases it has. */
  async build(): Promise<void> {
    writeDatabaseConfig(this.places.configFile);
    const outdir = join(this.places.stateDir, 'bundle');
    const wrangler = createRequire(import.meta.url).resolve('wrangler');
    await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', outdir], {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    });
  }

  /** Starts the Worker on the state that it has left. With `forgets` it does not store some of the answers that it gives. */
  async startWorker({ forgets }: { readonly forgets: boolean }): Promise<void> {
    const { stateDir, configFile, baseUrl, keeperUrl } = this.places;
    const input = {
      script: join(stateDir, 'bundle/index.js'),
      configFile,
      persistTo: join(stateDir, 'v3'),
      port: Number(new URL(baseUrl).port),
      keeperPort: Number(new URL(keeperUrl).port),
      variables: this.#variables(),
      forgets,
      cronEveryMs: 1_000,
    };
    this.#worker = await startHost('worker-host.ts', input, join(stateDir, 'worker.log'));
  }

  /** The rows of all databases of the running Worker. Two runtimes with one database file open would lock each other out. */
  async rows(): Promise<Rows> {
    const response = await fetch(`${this.places.keeperUrl}/rows`);
    return rowsSchema.parse(await response.json());
  }

  /** Kills workerd alone, and a second later the program that runs it, which is held so that it starts no other workerd. */
  async killRuntime(): Promise<void> {
    if (!this.#worker) return;
    process.kill(this.#worker.pid, 'SIGSTOP');
    for (const pid of childrenOf(this.#worker.pid)) process.kill(pid, 'SIGKILL');
    await sleep(1_000);
    await this.killWorker();
  }

  /** Kills workerd and the program that runs it at once. */
  async killWorker(): Promise<void> {
    await this.#worker?.kill();
    this.#worker = null;
  }

  async stop(): Promise<void> {
    await this.killWorker();
    await this.#stripe?.stop();
    this.#stripe = null;
  }

  #variables(): Record<string, string> {
    const { baseUrl, stripeUrl } = this.places;
    return {
      PUBLIC_URL: baseUrl,
      ALLOW_LOCAL_WEBHOOKS: 'true',
      SECRETS_KEY: this.secretsKey,
      STRIPE_API_BASE: stripeUrl,
      STRIPE_SECRET_KEY_TEST: this.platformKey,
      STRIPE_WEBHOOK_SECRET_TEST: this.#webhookSecret,
      // Test events are also sent to the address for live events, as Stripe does.
      STRIPE_SECRET_KEY_LIVE: 'sk_live_chaos',
      STRIPE_WEBHOOK_SECRET_LIVE: this.#webhookSecret,
      STRIPE_JS_URL: `${stripeUrl}/stripe.js`,
      STRIPE_PUBLISHABLE_KEY_TEST: 'pk_test_chaos',
    };
  }
}

/** The process ids of a process's children. */
function childrenOf(parent: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    return pid !== undefined && ppid === parent ? [pid] : [];
  });
}

/** Chooses free ports for a run's programs. */
export async function choosePlaces(stateDir: string): Promise<Places> {
  const [worker, stripe, receivers, keeper] = [await freePort(), await freePort(), await freePort(), await freePort()];
  return {
    stateDir,
    configFile: join(stateDir, 'databases.json'),
    baseUrl: `http://localhost:${worker}`,
    stripeUrl: `http://localhost:${stripe}`,
    receiversUrl: `http://localhost:${receivers}`,
    receiversPort: receivers,
    keeperUrl: `http://127.0.0.1:${keeper}`,
    ledgerFile: join(stateDir, 'ledger.json'),
  };
}
