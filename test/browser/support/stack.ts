import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../support/free-port.ts';
import { pathOfChromium } from './chromium.ts';

const READY_WITHIN_MS = 150_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the demo file of the copy that the browser tests run against. */
    demoFile: string;
  }
}

/** Starts `npm start` on free ports with a state of its own, once for all browser tests, and stops it afterwards. */
export default async function startStack(project: TestProject): Promise<() => Promise<void>> {
  await pathOfChromium();
  const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-browser-'));
  const demoFile = join(stateDir, 'demo.json');
  const env = {
    ...process.env,
    PORT: String(await freePort()),
    STRIPE_PORT: String(await freePort()),
    SHOP_PORT: String(await freePort()),
    FOREIGN_SHOP_PORT: String(await freePort()),
    APP_PORT: String(await freePort()),
    STATE_DIR: stateDir,
  };
  const child = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  const stop = async () => {
    await stopChild(child);
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await untilReady(child, demoFile);
  } catch (error) {
    await stop();
    throw new Error(`npm start did not get ready:\n${output.join('')}`, { cause: error });
  }
  project.provide('demoFile', demoFile);
  return stop;
}

async function untilReady(child: ChildProcess, demoFile: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!existsSync(demoFile)) {
    if (child.exitCode !== null) throw new Error(`npm start ended with code ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error('demo.json was not written in time');
    await wait(200);
  }
  JSON.parse(readFileSync(demoFile, 'utf8'));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
