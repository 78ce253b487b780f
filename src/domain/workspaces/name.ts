import { nameFault } from '../../core/text.ts';

export const MAX_NAME_LENGTH = 250;

/** A name as somebody typed it. `fault`: why it is refused, a sentence without its subject. null: it is not. */
export interface TypedName {
  /** Without spaces around it. */
  readonly name: string;
  readonly fault: string | null;
}

/** Reads the name of a workspace: one line of 1 to `MAX_NAME_LENGTH` characters, which buyers may see. */
export function readWorkspaceName(typed: string): TypedName {
  const name = typed.trim();
  return { name, fault: nameFault(name, MAX_NAME_LENGTH) };
}
