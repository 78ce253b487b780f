import type { PlatformContext } from '../../src/domain/context.ts';
import { ScriptError } from '../local/script-error.ts';
import type { Style } from '../local/style.ts';

/** Options of single commands; each takes a value. */
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
  /** What follows the command's words, as many as its usage names. */
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

/** The same answer twice: for programs and for people. */
export interface CommandAnswer {
  readonly json: unknown;
  readonly text: string;
}

export interface Command {
  /** `workspace create` */
  readonly words: string;
  /** What stands after the words: `<workspace-id>`. */
  readonly parameters: readonly string[];
  readonly options: readonly CommandOption[];
  /** The options as the help shows them. */
  readonly optionsUsage: string;
  readonly summary: string;
  run(context: PlatformContext, input: CommandInput, style: Style): Promise<CommandAnswer>;
}

/** A command line that cannot be run as it stands. */
export function usageError(message: string): ScriptError {
  return new ScriptError(message, { code: 'usage' });
}

/** The value of a parameter; the parser has made sure that it is there. */
export function parameter(input: CommandInput, index: number): string {
  const value = input.positionals[index];
  if (value === undefined) throw usageError('A parameter is missing.');
  return value;
}
