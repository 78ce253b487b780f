import type { Style } from '../local/style.ts';

/** A step that did not hold: what was seen in place of what was expected. */
export class StepFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepFailure';
  }
}

/** Throws StepFailure unless `holds`. */
export function expectThat(holds: boolean, message: string): asserts holds {
  if (!holds) throw new StepFailure(message);
}

/** Answers a step's value together with what to say of it. */
export interface StepResult<T> {
  readonly value: T;
  readonly note: string;
}

export type Step = <T>(name: string, work: () => Promise<StepResult<T>>) => Promise<T>;

/** Runs steps one after the other, each with one line. A step that fails throws on, so that none after it runs. */
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
