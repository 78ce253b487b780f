import * as z from 'zod';

const logLineSchema = z.looseObject({ level: z.enum(['info', 'warn', 'error']), message: z.string() });

/** Fields of a log line worth a person's eye, in this order. */
const SHOWN_FIELDS = ['faults', 'job', 'payment', 'delivery', 'error', 'request_id'];

/** One line for the terminal, or null for what only the log needs. wrangler marks its own errors and warnings with a sign. */
export function terminalLine(line: string): { level: 'warn' | 'error'; text: string } | null {
  const logged = parseLogLine(line);
  if (logged) return logged.level === 'info' ? null : { level: logged.level, text: shorten(describe(logged)) };
  if (/^\s*(✘|\[ERROR\]|.*\[ERROR\])/.test(line)) return { level: 'error', text: shorten(line.trim()) };
  if (/^\s*(▲|.*\[WARNING\])/.test(line)) return { level: 'warn', text: shorten(line.trim()) };
  return null;
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
