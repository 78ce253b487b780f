import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StripeAccount } from '../../src/stripe/gateway.ts';
import { startSimulatorServer } from '../../test/stripe-simulator/server.ts';
import { type DemoFile, demoFilePath, writeDemoFile } from '../local/demo-file.ts';
import { lastLines } from '../local/files.ts';
import { ScriptError } from '../local/script-error.ts';
import { type LocalSettings, ROOT } from '../local/settings.ts';
import { demoDocument } from './demo-document.ts';
import { startDemoShops } from './demo-shop.ts';
import type { DevVars } from './dev-vars.ts';
import { loadLocalSecrets, type Seeded } from './local-secrets.ts';
import { startCron, untilReady } from './local-worker.ts';
import { claimStateDir } from './only-copy.ts';
import { requireFreePort } from './ports.ts';
import { ensureSimulatedAccounts } from './simulated-accounts.ts';
import type { Cleanups } from './stopping.ts';
import { startAppPort, startWorker, type WorkerProcess } from './worker-process.ts';
import { type WorkerVariables, workerVariables, writeVariablesFile } from './worker-variables.ts';

export interface StartOptions {
  readonly settings: LocalSettings;
  readonly devVars: DevVars;
  /** The developer's own account, as Stripe describes it. null: the simulator is used. */
  readonly ownAccount: StripeAccount | null;
  /** Is given what stops each part of the copy, as the parts are started. */
  readonly cleanups: Cleanups;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly onWorkerLine: (line: string) => void;
}

export interface Copy {
  readonly demo: DemoFile;
  /** The processes without which the copy is not whole. */
  readonly parts: readonly CopyPart[];
}

/** A process of a copy that runs until it is stopped. */
export interface CopyPart {
  /** How the terminal calls it. */
  readonly name: string;
  readonly process: WorkerProcess;
  /** Starts it again on the same state, after it has ended. Throws ScriptError if it does not start. */
  startAgain(): Promise<WorkerProcess>;
}

/** The path of the Worker's log. */
export function logFileOf(stateDir: string): string {
  return join(stateDir, 'dev.log');
}

/**
 * Starts a whole local copy: simulator and sink, database with demo workspaces, Worker, demo shops, cron. Writes demo.json when
 * everything is ready. Throws ScriptError if a port or the directory is in use, and with the end of the log if the Worker fails.
 */
export async function startCopy(options: StartOptions): Promise<Copy> {
  const { settings, devVars, cleanups } = options;
  const { stateDir } = settings;
  mkdirSync(stateDir, { recursive: true });
  await buildWhatIsMissing();
  await requireFreePort(settings.port, 'PORT');
  await requireFreePort(settings.stripePort, 'STRIPE_PORT');
  await requireFreePort(settings.shopPort, 'SHOP_PORT');
  await requireFreePort(settings.foreignShopPort, 'FOREIGN_SHOP_PORT');
  await requireFreePort(settings.appPort, 'APP_PORT');
  cleanups.add(await claimStateDir(stateDir, settings.stripePort));
  rmSync(demoFilePath(stateDir), { force: true });

  const secrets = loadLocalSecrets(stateDir);
  const variables = workerVariables(settings, secrets, devVars);
  cleanups.add(await startStripe(settings, variables, devVars));
  const firstToken = randomBytes(16).toString('base64url');
  const seeded = await prepareState(options, variables, firstToken);
  if (!devVars.ownStripe) await ensureSimulatedAccounts(settings.stripeUrl, secrets.stripe, seeded);
  rmSync(logFileOf(stateDir), { force: true });
  const appPort = startPort(options);
  const worker = await startReadyWorker(options, variables);
  await untilAppAnswers(options, appPort);

  const demo = demoDocument(settings, { variables, seeded, ownStripe: devVars.ownStripe, firstToken });
  const { public_key: publicKey, links } = demo.workspaces.main.sandbox;
  cleanups.add(await startDemoShops(settings, { baseUrl: settings.baseUrl, publicKey, links }));
  writeDemoFile(stateDir, demo);
  cleanups.add(startCron(settings.baseUrl));
  const startWorkerAgain = async () => {
    const again = await startReadyWorker(options, variables);
    await untilReady(signInUrl(settings), options.signal);
    return again;
  };
  const startPortAgain = async () => {
    const again = startPort(options);
    await untilAppAnswers(options, again);
    return again;
  };
  const parts = [
    { name: 'The Worker', process: worker, startAgain: startWorkerAgain },
    { name: 'The port of the merchant app', process: appPort, startAgain: startPortAgain },
  ];
  return { demo, parts };
}

/** public/openapi.json is in the repository. Writing it again would make every other running copy reload. */
async function buildWhatIsMissing(): Promise<void> {
  if (!existsSync(join(ROOT, 'public/openapi.json'))) await import('../build-openapi.mjs');
}

/** Starts the simulator with the sink, or only the sink if the developer uses real Stripe. Returns what stops it. */
async function startStripe(
  settings: LocalSettings,
  variables: WorkerVariables,
  { ownStripe }: DevVars,
): Promise<() => Promise<void>> {
  const server = await startSimulatorServer({
    port: settings.stripePort,
    baseUrl: settings.stripeUrl,
    stateFile: join(settings.stateDir, 'stripe-simulator.json'),
    stripe: ownStripe === null,
    eventEndpoints: {
      test: { url: `${settings.baseUrl}/api/stripe/events/test`, secret: variables.STRIPE_WEBHOOK_SECRET_TEST },
      live: { url: `${settings.baseUrl}/api/stripe/events/live`, secret: variables.STRIPE_WEBHOOK_SECRET_LIVE },
    },
  });
  return () => server.close();
}

async function prepareState(
  { settings, ownAccount, signal }: StartOptions,
  variables: WorkerVariables,
  firstToken: string,
): Promise<Seeded> {
  const { stateDir, baseUrl, sinkUrl, shopUrl, appUrl } = settings;
  const app = { appUrl, firstToken };
  const input = { stateDir, app, variables, urls: { baseUrl, sinkUrl, shopUrl }, ownAccount };
  await prepareDatabase(input, signal);
  const { seeded } = loadLocalSecrets(stateDir);
  if (!seeded) throw new Error('The database was prepared, but the demo workspaces were not saved.');
  return seeded;
}

/** What Node ≥ 22.12 needs to run TypeScript directly. */
const TYPESCRIPT_FLAGS = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];

/** Runs prepare-database.ts as its own process. Throws ScriptError with its output if it fails. */
function prepareDatabase(input: unknown, signal: AbortSignal): Promise<void> {
  const file = join(import.meta.dirname, 'prepare-database.ts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...TYPESCRIPT_FLAGS, file], {
      stdio: ['pipe', 'ignore', 'pipe'],
      signal,
    });
    // Where it ended without reading its input, its output says why.
    child.stdin.on('error', () => undefined).end(JSON.stringify(input));
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new ScriptError(output.trim() || `${file} failed.`)),
    );
  });
}

/** A page of the merchant app that anybody gets. */
const signInUrl = ({ appUrl }: LocalSettings) => `${appUrl}/app/sign-in`;

/** Gives the merchant app its port. */
function startPort({ settings, cleanups }: StartOptions): WorkerProcess {
  const port = startAppPort(settings, logFileOf(settings.stateDir));
  process.once('exit', port.kill);
  cleanups.add(async () => {
    await port.stop();
    process.off('exit', port.kill);
  });
  return port;
}

/** Waits until the merchant app answers at its port. Throws ScriptError if it does not. */
async function untilAppAnswers({ settings, signal }: StartOptions, port: WorkerProcess): Promise<void> {
  const ended = new AbortController();
  port.ended.then(() => ended.abort());
  if (await untilReady(signInUrl(settings), AbortSignal.any([signal, ended.signal]))) return;
  signal.throwIfAborted();
  const logFile = logFileOf(settings.stateDir);
  throw new ScriptError(`The merchant app did not start. The last lines of ${logFile}:\n\n${lastLines(logFile, 30)}`);
}

async function startReadyWorker(options: StartOptions, variables: WorkerVariables): Promise<WorkerProcess> {
  const { settings, cleanups, signal } = options;
  signal.throwIfAborted();
  const logFile = logFileOf(settings.stateDir);
  const variablesFile = writeVariablesFile(settings.stateDir, variables);
  const worker = startWorker(settings, { variablesFile, logFile, onLine: options.onWorkerLine });
  process.once('exit', worker.kill);
  cleanups.add(async () => {
    await worker.stop();
    process.off('exit', worker.kill);
  });

  const ended = new AbortController();
  worker.ended.then(() => ended.abort());
  if (await untilReady(`${settings.baseUrl}/health`, AbortSignal.any([signal, ended.signal]))) return worker;
  signal.throwIfAborted();
  throw new ScriptError(`The Worker did not start. The last lines of ${logFile}:\n\n${lastLines(logFile, 30)}`);
}
