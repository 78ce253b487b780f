import type { Style } from '../local/style.ts';

/** A step has failed. The message says what was found instead of what was expected. */
export class StepFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepFailure';
  }
}

/** Throws StepFailure if the condition is false. */
export function expectThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new StepFailure(message);
}

/** The value of a step, and a note to print beside its name. */
export interface StepResult<T> {
  readonly value: T;
  readonly note: string;
}

export type Step = <T>(name: string, work: () => Promise<StepResult<T>>) => Promise<T>;

/** Runs a step and prints one line about it. A step that fails throws, so that no step after it runs. */
export function stepRunner(print: (line: string) => void, style: Style): Step {
  return async (name, work) => {
    const label = name.padEnd(21);
    try {
      const { value, note } = await work();
      print(`  ${style.good('✓')} ${label} ${style.dim(note)}`);
      return value;
    } catch (error) {
      print(`  ${style.bad('✗')} ${label} ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  };
}
