import { decryptSecret, encryptSecret } from '../../core/crypto.ts';
import { keyringOf } from '../../env.ts';
import type { StoredAnswer } from '../../objects/idempotency-store.ts';
import type { ApiEnv } from '../app-env.ts';

/** The variables of a request that name what seals its answer. */
interface Sealing {
  readonly var: Pick<ApiEnv['Variables'], 'context' | 'config'>;
}

/**
 * An answer for a gate to keep without being able to read it: the body is encrypted under SECRETS_KEY, bound to the
 * workspace and to the gate's name for the idempotency key.
 */
export async function sealAnswer(c: Sealing, scope: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await encryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, scope));
  return { ...answer, body };
}

/** The answer that was sealed, byte by byte. Throws Error for one of another workspace or key, or when altered. */
export async function openAnswer(c: Sealing, scope: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const body = await decryptSecret(await keyringOf(c.var.config), answer.body, boundTo(c, scope));
  return { ...answer, body };
}

function boundTo(c: Sealing, scope: string): readonly string[] {
  return [c.var.context.workspace.id, scope];
}
