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
 * A real Chromium: `CHROMIUM_PATH`, else the system's, else on Linux the one inside an npm package. `more`: command-line
 * switches. Throws if there is none.
 */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const system = [process.env.CHROMIUM_PATH, ...SYSTEM_PATHS].find((path) => path && existsSync(path));
  if (system === undefined && process.platform !== 'linux') {
    throw new Error('No Chromium, Chrome or Edge was found. Set CHROMIUM_PATH to the path of one.');
  }
  return await chromium.launch({
    executablePath: system ?? (await bundledChromium.executablePath()),
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
