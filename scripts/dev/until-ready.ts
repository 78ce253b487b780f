import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 100;
const TIMEOUT_MS = 60_000;

/** Waits until the Worker answers at `/health`. False when it has not within a minute, or `signal` says to stop waiting. */
export async function untilReady(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!signal.aborted && Date.now() < deadline) {
    if (await isHealthy(baseUrl)) return !signal.aborted;
    await sleep(INTERVAL_MS);
  }
  return false;
}

/** Whether a copy answers there, with its configuration complete. */
export async function isHealthy(baseUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
