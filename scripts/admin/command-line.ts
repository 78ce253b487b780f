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
  env: { type: 'string', short: 'e' },
  'persist-to': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the operator has typed. */
export interface CommandLine {
  /** null: show the help. */
  readonly invocation: { readonly command: Command; readonly input: CommandInput } | null;
  readonly remote: boolean;
  /** The environment in wrangler.toml whose deployed database is used. null: none was typed. */
  readonly environment: string | null;
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

/** Parses the words after `npm run admin --`. Options may be anywhere. Throws ScriptError with the code `usage`. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { values, positionals } = parse(words);
  const { remote = false, env, 'persist-to': persistTo, help, json: _, ...options } = values;
  const target = { remote, environment: env || null, persistTo };
  if (help || positionals.length === 0 || positionals[0] === 'help') return { invocation: null, ...target };
  if (remote && persistTo !== undefined)
    throw usageError('--persist-to is for the local database. Leave out --persist-to or --remote.');
  if (!remote && target.environment !== null)
    throw usageError('--env is for a deployed database. Add --remote, or leave out --env.');
  const typed = positionals.slice(0, 2).join(' ');
  const command = COMMANDS.find((candidate) => candidate.words === typed);
  if (!command)
    throw usageError(
      `There is no command \`${typed}\`. The commands are: ${COMMANDS.map((known) => known.words).join(', ')}.`,
    );
  const parameters = positionals.slice(2);
  if (parameters.length !== command.parameters.length) throw usageError(`Usage: ${usageOf(command)}`);
  const unknown = Object.keys(options).find((name) => !command.options.some((own) => own === name));
  if (unknown) throw usageError(`\`${command.words}\` has no option --${unknown}. Usage: ${usageOf(command)}`);
  return { invocation: { command, input: { positionals: parameters, options } }, ...target };
}

/** A command with its parameters and options. */
export function usageOf(command: Command): string {
  return [command.words, ...command.parameters, command.optionsUsage].filter(Boolean).join(' ');
}

const WIDTH = 80;
const NO_BREAK = '\u00a0';

/** Breaks text into lines of at most 80 columns, each with this indent. */
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

/** Keeps each option on one line with its value. */
function keepTogether(usage: string): string {
  return usage.replaceAll(/\[[^\]]*\]/g, (option) => option.replaceAll(' ', NO_BREAK));
}

/** The help: every command with its usage and what it does. */
export function helpText(style: Style): string {
  const commands = COMMANDS.map((command) => {
    const usage = wrap(keepTogether(usageOf(command)), '  ')
      .replaceAll(NO_BREAK, ' ')
      .replace(command.words, style.bold(command.words));
    return `${usage}\n${style.dim(wrap(command.summary, '      '))}`;
  });
  return [
    'npm run admin -- <command> [--remote [--env <name>]] [--json]',
    ...commands,
    [
      wrap('Commands use the local database in STATE_DIR (.wrangler/state), also while `npm start` runs.', '  '),
      wrap('--remote: use the deployed database. Needs `npx wrangler login` or CLOUDFLARE_API_TOKEN.', '  '),
      wrap(
        '--env: with --remote, use the database of [env.<name>] in wrangler.toml. Without it that of CLOUDFLARE_ENV, else of production.',
        '  ',
      ),
      wrap('--persist-to: use the local database in this directory.', '  '),
      wrap('--json: print one JSON value on stdout; errors as {"error":{code,message}} on stderr.', '  '),
    ].join('\n'),
  ].join('\n\n');
}
