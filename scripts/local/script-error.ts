/** A failure that a person can correct. It is shown as its message alone, without a stack, and the exit code is 1. */
export class ScriptError extends Error {
  readonly code: string;

  constructor(message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ScriptError';
    this.code = options.code ?? 'failed';
  }
}

/** The text to show for a thrown value: the message of a ScriptError, else the whole stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ScriptError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
