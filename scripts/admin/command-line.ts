import { parseArgs } from 'node:util';
import type { Style } from '../local/style.ts';
import { accountCommands } from './account-commands.ts';
import { buyerCommands } from './buyer-commands.ts';
import { COMMAND_OPTIONS, type Command, type CommandInput, usageError } from './command.ts';
import { keyCommands } from './key-commands.ts';
import { quarantineCommands } from './quarantine-commands.ts';
import { workspaceCommands } from './workspace-commands.ts';

export const COMMANDS: readonly Command[] = [
  ...workspaceCommands,
  ...accountCommands,
  ...keyCommands,
  ...buyerCommands,
  ...quarantineCommands,
];

const GLOBAL_OPTIONS = {
  remote: { type: 'boolean' },
  'persist-to': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** null where help was asked for. */
export interface CommandLine {
  readonly invocation: { readonly command: Command; readonly input: CommandInput } | null;
  readonly remote: boolean;
  readonly persistTo: string | undefined;
}

function parse(words: readonly string[]) {
  try {
    const options = { ...GLOBAL_OPTIONS, ...COMMAND_OPTIONS };
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

/** Reads what follows `npm run admin --`, options in any place. Throws ScriptError with the code `usage`. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { values, positionals } = parse(words);
  const { remote = false, 'persist-to': persistTo, help, json: _, ...options } = values;
  if (help || positionals.length === 0) return { invocation: null, remote, persistTo };
  if (remote && persistTo !== undefined)
    throw usageError('--persist-to is for the local database: leave out one of it and --remote.');
  const asked = positionals.slice(0, 2).join(' ');
  const command = COMMANDS.find((candidate) => candidate.words === asked);
  if (!command)
    throw usageError(
      `There is no command \`${asked}\`. Known: ${COMMANDS.map(({ words: known }) => known).join(', ')}.`,
    );
  const parameters = positionals.slice(2);
  if (parameters.length !== command.parameters.length) throw usageError(`Usage: ${usageOf(command)}`);
  const foreign = Object.keys(options).find((name) => !command.options.some((own) => own === name));
  if (foreign) throw usageError(`\`${command.words}\` takes no --${foreign}. Usage: ${usageOf(command)}`);
  return { invocation: { command, input: { positionals: parameters, options } }, remote, persistTo };
}

/** A command with its parameters and options. */
export function usageOf(command: Command): string {
  return [command.words, ...command.parameters, command.optionsUsage].filter(Boolean).join(' ');
}

const WIDTH = 80;
const NO_BREAK = '\u00a0';

/** Text in lines of at most 80 columns, each indented. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** An option stays on one line with its value. */
function keepTogether(usage: string): string {
  return usage.replaceAll(/\[[^\]]*\]/g, (option) => option.replaceAll(' ', NO_BREAK));
}

/** Every command with its usage. */
export function helpText(style: Style): string {
  const commands = COMMANDS.map((command) => {
    const usage = wrap(keepTogether(usageOf(command)), '  ')
      .replaceAll(NO_BREAK, ' ')
      .replace(command.words, style.bold(command.words));
    return `${usage}\n${style.dim(wrap(command.summary, '      '))}`;
  });
  return [
    'npm run admin -- <command> [--remote | --persist-to <directory>] [--json]',
    ...commands,
    [
      wrap('Works on the local database of STATE_DIR (.wrangler/state), also while `npm start` runs.', '  '),
      wrap('--remote: on the deployed one, after `npx wrangler login` or with CLOUDFLARE_API_TOKEN.', '  '),
      wrap('--json: one JSON value on stdout; errors as {"error":{code,message}} on stderr.', '  '),
    ].join('\n'),
  ].join('\n\n');
}
