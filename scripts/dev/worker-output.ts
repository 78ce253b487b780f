import * as z from 'zod';

const logLineSchema = z.looseObject({ level: z.enum(['info', 'warn', 'error']), message: z.string() });

/** The fields of a log line that the terminal shows, in this order. */
const SHOWN_FIELDS = ['faults', 'job', 'payment', 'endpoint', 'delivery', 'status', 'error', 'request_id'];

/** What wrangler writes before a line that a Worker logs: the Worker's name, and of a warning or an error that it is one. */
const PREFIX_OF_LOGGED = /^(?:\[[\w-]+\] |\S+ \[(?:WARNING|ERROR)\] )+(?=\{)/;

/** The local runtime reports each request that a client has given up as a lost "tail session": it collects log lines so. */
const LOST_TAIL_SESSION = /disconnected: .*tail session/;

/** The addresses of functions in the local runtime's own program. */
const RUNTIME_STACK = /^\s*stack: \S*workerd@/;

/**
 * A line of wrangler's output as the log keeps it: what the Worker logs is its JSON alone. null: it is empty or says
 * nothing about the Worker.
 */
export function keptLine(line: string): string | null {
  if (line.trim() === '' || LOST_TAIL_SESSION.test(line) || RUNTIME_STACK.test(line)) return null;
  return line.replace(PREFIX_OF_LOGGED, '');
}

/** True for wrangler's line that says that its runtime, workerd, has ended. */
export function isRuntimeCrash(line: string): boolean {
  return line.includes('The Workers runtime crashed unexpectedly');
}

const mailSchema = z.object({ message: z.literal('mail'), to: z.string(), subject: z.string(), text: z.string() });

/** The mail that a line of the log holds, for the terminal. null: it holds none. */
export function mailText(line: string): string | null {
  const mail = mailSchema.safeParse(parseLogLine(line));
  if (!mail.success) return null;
  const { to, subject, text } = mail.data;
  return [
    `Mail to ${to}: ${subject}`,
    ...text
      .trim()
      .split('\n')
      .map((one) => `  ${one}`.trimEnd()),
  ].join('\n');
}

/**
 * A line of the log for the terminal; null: only the log needs it. wrangler's own warnings are left out: they are about
 * things that are intended here, such as a cron that does not run by itself.
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
