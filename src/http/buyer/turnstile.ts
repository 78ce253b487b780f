import * as z from 'zod/mini';
import { describeError, logLine } from '../../core/log.ts';
import type { Config } from '../../env.ts';

const VERIFY_URL = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
/** The field of a form with the proof that its sender is human. */
export const PROOF_FIELD = 'cf-turnstile-response';
const TIMEOUT_MS = 5_000;
const answer = z.object({ success: z.boolean() });

/** The public key of the check that a visitor is human. null: the operators have not set up the check. */
export function turnstileSiteKey(config: Config): string | null {
  return config.turnstile?.siteKey ?? null;
}

/**
 * The state of the proof in a form before Cloudflare checks it. `unavailable`: the operators have not set up the check.
 * `missing`: the form has no proof. `offered`: the form has a proof, valid or not.
 */
export function proofState(config: Config, proof: string | undefined): 'unavailable' | 'missing' | 'offered' {
  if (turnstileSiteKey(config) === null) return 'unavailable';
  return proof ? 'offered' : 'missing';
}

/**
 * True if Cloudflare accepts the proof that a human sent the form (developers.cloudflare.com/turnstile). False without
 * a proof, without a set-up, or if Cloudflare does not answer. `address`: the IP address of the visitor. Never throws.
 */
export async function isHuman(config: Config, proof: string | undefined, address: string | null): Promise<boolean> {
  if (!config.turnstile || !proof) return false;
  try {
    const response = await fetch(VERIFY_URL, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams({
        secret: config.turnstile.secretKey,
        response: proof,
        ...(address === null ? {} : { remoteip: address }),
      }),
    });
    return answer.parse(await response.json()).success;
  } catch (error) {
    logLine('warn', 'human check not verified', { error: describeError(error) });
    return false;
  }
}
