import { existsSync } from 'node:fs';
import bundledChromium from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium, Chrome and Edge are usually installed on Linux, macOS and Windows. */
const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

/**
 * The path of a Chromium: `CHROMIUM_PATH`, else the system's, else on Linux that of an npm package, which the first call
 * unpacks. Two processes that unpack it at once fail: call it once before the tests. Throws if there is none.
 */
export async function pathOfChromium(): Promise<string> {
  const system = [process.env.CHROMIUM_PATH, ...SYSTEM_PATHS].find((path) => path && existsSync(path));
  if (system === undefined && process.platform !== 'linux') {
    throw new Error('No Chromium, Chrome or Edge was found. Set CHROMIUM_PATH to the path of one.');
  }
  return system ?? (await bundledChromium.executablePath());
}

/** Starts a Chromium (see `pathOfChromium`). `more`: command-line switches. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: await pathOfChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}
