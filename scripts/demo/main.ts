import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHealthy } from '../dev/local-worker.ts';
import { findFreePort } from '../dev/ports.ts';
import { startCopy } from '../dev/start-copy.ts';
import { Cleanups, stopOnSignals } from '../dev/stopping.ts';
import { type DemoFile, readDemoFile } from '../local/demo-file.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { readSettings, stateDirOf } from '../local/settings.ts';
import { styleFor } from '../local/style.ts';
import { paymentLoop } from './payment-loop.ts';
import { StepFailure, stepRunner } from './steps.ts';

const style = styleFor(process.stdout);

/** `npm run demo`: makes one payment in a local copy, in the running one or in its own. Returns the exit code. */
async function main(): Promise<number> {
  const cleanups = new Cleanups();
  const signal = stopOnSignals();
  try {
    const demo = (await findRunning()) ?? (await startOwn(cleanups, signal));
    console.log(`\n  ${style.bold('One payment, end to end')}  ${style.dim(demo.base_url)}\n`);
    const startedAt = Date.now();
    await paymentLoop(demo, stepRunner(console.log, style));
    console.log(`\n  ${style.good('Everything works')}, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
    return 0;
  } catch (error) {
    if (error instanceof StepFailure) console.log(`\n  ${style.bad('This step failed.')}\n`);
    else console.error(`${style.bad('✘')} ${signal.aborted ? 'Stopped.' : describeFailure(error)}`);
    return 1;
  } finally {
    await cleanups.run();
  }
}

/** The running copy of STATE_DIR; null if none answers. Throws ScriptError for a copy that uses the real Stripe. */
async function findRunning(): Promise<DemoFile | null> {
  const demo = readDemoFile(stateDirOf(process.env));
  if (!demo || !(await isHealthy(demo.base_url))) return null;
  if (new URL(demo.stripe_url).hostname !== 'localhost') {
    throw new ScriptError(
      'The running copy uses your own Stripe account, where nobody can pay without a browser. Stop it and run the demo again.',
    );
  }
  return demo;
}

/** Starts a copy for this run only, on free ports, with a state directory that is deleted at the end. */
async function startOwn(cleanups: Cleanups, signal: AbortSignal): Promise<DemoFile> {
  console.log(style.dim('No copy is running: starting one for this demo …'));
  const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-demo-'));
  cleanups.add(() => rmSync(stateDir, { recursive: true, force: true }));
  const settings = readSettings({
    PORT: String(await findFreePort()),
    STRIPE_PORT: String(await findFreePort()),
    SHOP_PORT: String(await findFreePort()),
    FOREIGN_SHOP_PORT: String(await findFreePort()),
    APP_PORT: String(await findFreePort()),
    STATE_DIR: stateDir,
  });
  const simulated = { devVars: { ownStripe: null, passedOn: {} }, ownAccount: null };
  const { demo } = await startCopy({ settings, ...simulated, cleanups, signal, onWorkerLine: () => undefined });
  return demo;
}

process.exit(await main());
