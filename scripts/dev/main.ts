import { demoFilePath } from '../local/demo-file.ts';
import { shortPath } from '../local/files.ts';
import { describeFailure } from '../local/script-error.ts';
import { type LocalSettings, readSettings } from '../local/settings.ts';
import { styleFor } from '../local/style.ts';
import { readDevVars, readOwnAccount } from './dev-vars.ts';
import { type CopyPart, logFileOf, startCopy } from './start-copy.ts';
import { Cleanups, stopOnSignals } from './stopping.ts';
import { summary } from './summary.ts';
import { mailText, terminalLine } from './worker-output.ts';

/** How often a part of the copy is started before `npm start` gives up. */
const MOST_STARTS = 5;

const style = styleFor(process.stderr);
const complain = (text: string) => console.error(`${style.bad('✘')} ${text}`);
const warn = (text: string) => console.error(`${style.warn('!')} ${text}`);

/** `npm start`: runs a local copy until it is stopped. Returns the exit code. */
async function main(): Promise<number> {
  const cleanups = new Cleanups();
  const signal = stopOnSignals();
  try {
    return await runCopy(readSettings(process.env), cleanups, signal);
  } catch (error) {
    if (signal.aborted) return 0;
    complain(describeFailure(error));
    return 1;
  } finally {
    await cleanups.run();
  }
}

async function runCopy(settings: LocalSettings, cleanups: Cleanups, signal: AbortSignal): Promise<number> {
  const devVars = readDevVars();
  const own = devVars.ownStripe ? await readOwnAccount(devVars.ownStripe) : null;
  if (own?.fault) warn(own.fault);
  console.log(style.dim('Starting …'));
  const copy = await startCopy({
    settings,
    devVars,
    ownAccount: own?.account ?? null,
    cleanups,
    signal,
    onWorkerLine: (line) => {
      const shown = signal.aborted ? null : terminalLine(line);
      const mail = mailText(line);
      if (mail) console.log(`${mail}\n`);
      if (shown) (shown.level === 'error' ? complain : warn)(shown.text);
    },
  });
  const places = {
    demoFile: shortPath(demoFilePath(settings.stateDir)),
    logFile: shortPath(logFileOf(settings.stateDir)),
  };
  console.log(summary(copy.demo, places, styleFor(process.stdout)));

  const over = new AbortController();
  const untilOver = AbortSignal.any([signal, over.signal]);
  const endings = copy.parts.map((part) => keepRunning(part, places.logFile, untilOver));
  const isStopped = await Promise.race(endings).finally(() => over.abort());
  if (isStopped) console.log(style.dim('\nStopping …'));
  return isStopped ? 0 : 1;
}

/** Starts a part again whenever it ends by itself. True: the copy was stopped. False: the part has ended too often. */
async function keepRunning({ name, process, startAgain }: CopyPart, logFile: string, signal: AbortSignal) {
  let running = process;
  for (let starts = 1; ; starts++) {
    await Promise.race([running.ended, aborted(signal)]);
    if (signal.aborted) return true;
    if (starts === MOST_STARTS) break;
    warn(`${name} ended by itself and is started again. Its last output is in ${logFile}.`);
    running = await startAgain();
    warn(`${name} runs again.`);
  }
  complain(`${name} ended ${MOST_STARTS} times. Its last output is in ${logFile}.`);
  return false;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

process.exit(await main());
