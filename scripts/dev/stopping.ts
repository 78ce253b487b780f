/** npm passes on a Ctrl-C that the terminal has already sent to this process: two signals this close are one key press. */
const ONE_KEYPRESS_MS = 500;
const PARENT_CHECK_MS = 500;

/**
 * Returns a signal that is aborted at the first Ctrl-C, at SIGTERM, when the terminal is closed, or when the process that
 * started this one has ended, so that everything can be stopped in order. A second Ctrl-C ends this process at once.
 */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort();
    } else if (performance.now() - firstAt > ONE_KEYPRESS_MS) {
      process.exit(130);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  // npm runs scripts in a shell, and a shell does not pass signals on.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) controller.abort();
  }, PARENT_CHECK_MS).unref();
  return controller.signal;
}

type Cleanup = () => void | Promise<void>;

/** What has to be undone at the end of a script. The last added runs first. If one fails, the others still run. */
export class Cleanups {
  readonly #pending: Cleanup[] = [];

  add(cleanup: Cleanup): void {
    this.#pending.push(cleanup);
  }

  async run(): Promise<void> {
    for (let cleanup = this.#pending.pop(); cleanup; cleanup = this.#pending.pop()) {
      try {
        await cleanup();
      } catch (error) {
        console.error(error);
      }
    }
  }
}
