const MINUTE_MS = 60_000;

/** Ticks the Worker's cron every minute, which the local runtime does not. The answer stops it. */
export function startCron(baseUrl: string): () => void {
  const timer = setInterval(() => {
    // A tick that fails is in the Worker's log, and the next one does its work.
    fetch(`${baseUrl}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`, { signal: AbortSignal.timeout(MINUTE_MS) })
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  }, MINUTE_MS);
  return () => clearInterval(timer);
}
