import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const READY_WITHIN_MS = 60_000;
const MINUTE_MS = 60_000;

/** Waits until a Worker answers 2xx at `url`. False if it has not after a minute, or if `signal` is aborted. */
export async function untilReady(url: string, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!signal.aborted && Date.now() < deadline) {
    if (await answersWell(url)) return !signal.aborted;
    await sleep(POLL_MS);
  }
  return false;
}

/** True if a Worker answers there and its configuration is complete. */
export async function isHealthy(baseUrl: string): Promise<boolean> {
  return await answersWell(`${baseUrl}/health`);
}

async function answersWell(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Runs the Worker's cron every minute, because the local runtime does not. Returns a function that stops it. */
export function startCron(baseUrl: string): () => void {
  const timer = setInterval(() => {
    // A run that fails is in the Worker's log, and the next run does its work.
    fetch(`${baseUrl}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`, { signal: AbortSignal.timeout(MINUTE_MS) })
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  }, MINUTE_MS);
  return () => clearInterval(timer);
}
