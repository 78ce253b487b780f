import * as z from 'zod';

const logLineSchema = z.looseObject({ level: z.enum(['info', 'warn', 'error']), message: z.string() });

/** The fields of a log line that the terminal shows, in this order. */
const SHOWN_FIELDS = ['faults', 'job', 'payment', 'endpoint', 'delivery', 'status', 'error', 'request_id'];

/** A line as the Worker has written it. wrangler puts `▲ [WARNING]` or `✘ [ERROR]` before what is no information. */
export function asWritten(line: string): string {
  return line.replace(/^\S+ \[(?:WARNING|ERROR)\] (?=\{)/, '');
}

/**
 * True for a line that says nothing about the Worker: the local runtime reports each request that a client has given up
 * as a lost "tail session", which is how it collects log lines.
 */
export function isNoise(line: string): boolean {
  return /disconnected: .*tail session/.test(line);
}

/** True for wrangler's line that says that its runtime, workerd, has ended. */
export function isRuntimeCrash(line: string): boolean {
  return line.includes('The Workers runtime crashed unexpectedly');
}

/**
 * One line of the Worker's output for the terminal; null: only the log needs it. wrangler's own warnings are left out: they are
 * about things that are intended here, such as a cron that does not run by itself.
 */
export function terminalLine(line: string): { level: 'warn' | 'error'; text: string } | null {
  const logged = parseLogLine(line);
  if (logged) return logged.level === 'info' ? null : { level: logged.level, text: shorten(describe(logged)) };
  const wranglerError = /\[(?:ERROR|wrangler:error)\] *(.+)/.exec(line)?.[1];
  return wranglerError === undefined ? null : { level: 'error', text: shorten(wranglerError) };
}

function parseLogLine(line: string): z.output<typeof logLineSchema> | null {
  if (!line.startsWith('{')) return null;
  try {
    return logLineSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function describe(logged: z.output<typeof logLineSchema>): string {
  const fields = SHOWN_FIELDS.flatMap((name) =>
    logged[name] === undefined || logged[name] === null ? [] : [inOneLine(logged[name])],
  );
  return [logged.message, ...fields].join(' · ');
}

/** A value in one line: of an error, the message and those of its causes. */
function inOneLine(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text
    .split(' <- ')
    .map((part) => part.split('\n', 1)[0])
    .join(' <- ');
}

function shorten(text: string): string {
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}
