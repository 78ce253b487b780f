import { parseArgs } from 'node:util';
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
