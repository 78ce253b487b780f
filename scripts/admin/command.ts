import type { PlatformContext } from '../../src/domain/context.ts';
import { ScriptError } from '../local/script-error.ts';
import type { Style } from '../local/style.ts';

/** The options of commands. Each has a value. */
export const COMMAND_OPTIONS = {
  name: { type: 'string' },
  'charges-enabled': { type: 'string' },
  kind: { type: 'string' },
  scope: { type: 'string', multiple: true },
  origin: { type: 'string', multiple: true },
  rate: { type: 'string' },
} as const;

export type CommandOption = keyof typeof COMMAND_OPTIONS;

export interface CommandInput {
  /** The values after the command's words, as many as its `parameters`. */
  readonly positionals: readonly string[];
  readonly options: {
    readonly name?: string;
    readonly 'charges-enabled'?: string;
    readonly kind?: string;
    readonly scope?: readonly string[];
    readonly origin?: readonly string[];
    readonly rate?: string;
  };
}

/** The result of a command: for programs and for people. */
export interface CommandAnswer {
  readonly json: unknown;
  readonly text: string;
}

export interface Command {
  /** The words that name the command, for example `workspace create`. */
  readonly words: string;
  /** The names of the values after the words, for example `<workspace-id>`. */
  readonly parameters: readonly string[];
  readonly options: readonly CommandOption[];
  /** The options, as the help shows them. */
  readonly optionsUsage: string;
  readonly summary: string;
  run(context: PlatformContext, input: CommandInput, style: Style): Promise<CommandAnswer>;
}

/** The error for a command line that is wrong. Its code is `usage`. */
export function usageError(message: string): ScriptError {
  return new ScriptError(message, { code: 'usage' });
}

/** The value of a parameter. The parser has checked that it is there. */
export function parameter(input: CommandInput, index: number): string {
  const value = input.positionals[index];
  if (value === undefined) throw usageError('A parameter is missing.');
  return value;
}
