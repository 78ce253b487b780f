import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulatorServer } from '../../test/stripe-simulator/server.ts';
import { type DemoFile, demoFilePath, writeDemoFile } from '../local/demo-file.ts';
import { ScriptError } from '../local/script-error.ts';
import { type LocalSettings, ROOT } from '../local/settings.ts';
import type { Cleanups } from './cleanups.ts';
import { startCron } from './cron.ts';
import { demoDocument } from './demo-document.ts';
import { startDemoShops } from './demo-shop.ts';
import { loadLocalSecrets, type Seeded } from './local-secrets.ts';
import { claimStateDir } from './only-copy.ts';
import { requireFreePort } from './ports.ts';
import { runStep } from './run-step.ts';
import { ensureSimulatedAccounts } from './simulated-accounts.ts';
import type { DevVars } from './stripe-choice.ts';
import { tail } from './tail.ts';
import { untilReady } from './until-ready.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';
import { type WorkerVariables, workerVariables, writeVariablesFile } from './worker-variables.ts';

export interface StartOptions {
  readonly settings: LocalSettings;
  readonly devVars: DevVars;
  /** Gets what stops the copy, part by part, as the parts are started. */
  readonly cleanups: Cleanups;
  /** Breaks off the start. */
  readonly signal: AbortSignal;
  readonly onWorkerLine: (line: string) => void;
}

export interface Copy {
  readonly demo: DemoFile;
  readonly worker: WorkerProcess;
}

/** The log of a copy's Worker. */
export function logFileOf(stateDir: string): string {
  return join(stateDir, 'dev.log');
}

/**
 * Starts a whole local copy: simulator and sink, database with demo workspaces, Worker, demo shops, cron. Writes demo.json when all of
 * it is ready. Throws ScriptError for a taken port or directory, and with the end of the log where the Worker fails.
 */
export async function startCopy(options: StartOptions): Promise<Copy> {
  const { settings, devVars, cleanups, signal } = options;
  const { stateDir } = settings;
  mkdirSync(stateDir, { recursive: true });
  await buildWhatIsMissing();
  await requireFreePort(settings.port, 'PORT');
  await requireFreePort(settings.stripePort, 'STRIPE_PORT');
  await requireFreePort(settings.shopPort, 'SHOP_PORT');
  await requireFreePort(settings.foreignShopPort, 'FOREIGN_SHOP_PORT');
  cleanups.add(await claimStateDir(stateDir, settings.stripePort));
  rmSync(demoFilePath(stateDir), { force: true });

  const secrets = loadLocalSecrets(stateDir);
  const variables = workerVariables(settings, secrets, devVars);
  cleanups.add(await startStripe(settings, variables, devVars));
  const seeded = await prepareState(settings, devVars, signal);
  if (!devVars.ownStripe) await ensureSimulatedAccounts(settings.stripeUrl, secrets.stripe, seeded);
  const worker = await startReadyWorker(options, variables);

  const demo = demoDocument(settings, variables, seeded, devVars.ownStripe);
  const { public_key: publicKey, links } = demo.workspaces.main.sandbox;
  cleanups.add(await startDemoShops(settings, { baseUrl: settings.baseUrl, publicKey, links }));
  writeDemoFile(stateDir, demo);
  cleanups.add(startCron(settings.baseUrl));
  return { demo, worker };
}

/** public/openapi.json is kept in the repository; writing it anew would make every other running copy reload. */
async function buildWhatIsMissing(): Promise<void> {
  if (!existsSync(join(ROOT, 'public/openapi.json'))) await import('../build-openapi.mjs');
}

/** The simulator with the sink, or the sink alone beside the developer's own Stripe. The answer stops it. */
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

async function prepareState(settings: LocalSettings, { ownStripe }: DevVars, signal: AbortSignal): Promise<Seeded> {
  const { stateDir, baseUrl, sinkUrl, shopUrl } = settings;
  const input = { stateDir, urls: { baseUrl, sinkUrl, shopUrl }, ownAccount: ownStripe?.account ?? null };
  await runStep(join(import.meta.dirname, 'prepare-database.ts'), input, signal);
  const { seeded } = loadLocalSecrets(stateDir);
  if (!seeded) throw new Error('The database was prepared, but the demo workspaces were not saved.');
  return seeded;
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
  if (await untilReady(settings.baseUrl, AbortSignal.any([signal, ended.signal]))) return worker;
  signal.throwIfAborted();
  throw new ScriptError(`The Worker did not start. The end of ${logFile}:\n\n${tail(logFile, 30)}`);
}
