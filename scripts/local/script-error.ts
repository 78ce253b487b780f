/** A failure that a person can mend: shown as its message alone, without a stack, with exit code 1. */
export class ScriptError extends Error {
  readonly code: string;

  constructor(message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ScriptError';
    this.code = options.code ?? 'failed';
  }
}

/** What to show of anything thrown: the message where it was meant for people, else the whole stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ScriptError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
