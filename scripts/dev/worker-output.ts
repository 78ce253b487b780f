import * as z from 'zod';

const logLineSchema = z.looseObject({ level: z.enum(['info', 'warn', 'error']), message: z.string() });

/** Fields of a log line worth a person's eye, in this order. */
const SHOWN_FIELDS = ['faults', 'job', 'payment', 'delivery', 'error', 'request_id'];

/** One line for the terminal, or null for what only the log needs. wrangler's own warnings speak of
 * what is so on purpose here, such as crons that do not run by themselves. */
export function terminalLine(line: string): { level: 'warn' | 'error'; text: string } | null {
  const logged = parseLogLine(line);
  if (logged) return logged.level === 'info' ? null : { level: logged.level, text: shorten(describe(logged)) };
  const wranglerError = /\[ERROR\] *(.+)/.exec(line)?.[1];
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
  const fields = SHOWN_FIELDS.flatMap((name) => (logged[name] === undefined ? [] : [firstLine(logged[name])]));
  return [logged.message, ...fields].join(' · ');
}

function firstLine(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.split('\n', 1)[0] ?? '';
}

function shorten(text: string): string {
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}
