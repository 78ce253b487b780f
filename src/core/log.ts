/** Writes one JSON line to the platform's log. Never give it a key, a secret or a buyer's data. */
export function logLine(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}

/** Where the values of a failed query begin in Drizzle's message: key hashes, e-mails, whole events. */
const QUERY_PARAMETERS = '\nparams: ';

/** An error with its causes as text, for the log only. Shows the statement of a failed query, never its values. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` <- ${describeError(error.cause)}`;
  const [statement, parameters] = error.message.split(QUERY_PARAMETERS);
  const code = 'code' in error && typeof error.code === 'string' ? ` (code ${error.code})` : '';
  return `${parameters === undefined ? (error.stack ?? error.message) : statement}${code}${cause}`;
}
