/** npm passes on a Ctrl-C that the terminal has sent to this process already: the two are one. */
const ONE_KEYPRESS_MS = 500;

/** Aborts at the first Ctrl-C, SIGTERM or closing of the terminal, so that all can be stopped in order. A later one ends this process at once. */
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
  return controller.signal;
}
