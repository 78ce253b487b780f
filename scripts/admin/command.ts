import { ScriptError } from '../local/script-error.ts';
import type { Style } from '../local/style.ts';
import type { CommandOption, OptionValues } from './options.ts';
import type { Place } from './place.ts';
import type { Shards } from './shards.ts';

export interface CommandInput {
  /** The values after the command's words, as many as its `parameters`, but for those that may be left out. */
  readonly positionals: readonly string[];
  readonly options: OptionValues;
}

/** The result of a command: for programs and for people. */
export interface CommandAnswer {
  readonly json: unknown;
  readonly text: string;
  /** True if the command found that something is wrong: then the exit code is 1. */
  readonly isAlarm?: boolean;
  /** What the answer lacks, because a database did not answer: shown as an error, and the exit code is 1. */
  readonly failures?: readonly string[];
}

/** What a command works with. */
export interface Tools extends Shards {
  readonly place: Place;
  readonly style: Style;
}

interface CommandBase {
  /** The words that name the command, for example `workspace create`. */
  readonly words: string;
  /**
   * The names of the values after the words. `<workspace-id>` may also be given as `--workspace`. One in brackets may be
   * left out.
   */
  readonly parameters: readonly string[];
  readonly options: readonly CommandOption[];
  /** Those of `options` that must be given. */
  readonly required?: readonly CommandOption[];
  /** One sentence. */
  readonly summary: string;
  /** What else there is to know, for the help of this command alone. */
  readonly details?: string;
  /** What may follow the words, as in a terminal. */
  readonly example: string;
}

/** A command that needs the databases. */
interface DatabaseCommand extends CommandBase {
  run(tools: Tools, input: CommandInput): Promise<CommandAnswer>;
}

/** A command that only asks the Worker, which alone can reach Durable Objects and knows its configuration. */
interface WorkerCommand extends CommandBase {
  ask(tools: Omit<Tools, 'shards'>, input: CommandInput): Promise<CommandAnswer>;
}

export type Command = DatabaseCommand | WorkerCommand;

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
