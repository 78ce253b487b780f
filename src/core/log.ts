/** One JSON line on the platform's log. Never hand it a key, a secret or a buyer's data. */
export function logLine(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}

/** An error with its causes, for the log only. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` <- ${describeError(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
