import * as z from 'zod/mini';
import { describeError, logLine } from '../../core/log.ts';
import type { Config } from '../../env.ts';

const VERIFY_URL = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const PROOF_FIELD = 'cf-turnstile-response';
const TIMEOUT_MS = 5_000;
const answer = z.object({ success: z.boolean() });

/** The public key of the human check, or null where the operator has set up none. */
export function turnstileSiteKey(config: Config): string | null {
  return config.turnstile?.siteKey ?? null;
}

/** What is known of a form's proof before Cloudflare is asked. `offered`: it carries one, valid or not. */
export function proofOf(
  config: Config,
  fields: Readonly<Record<string, string | undefined>>,
): 'unavailable' | 'missing' | 'offered' {
  if (turnstileSiteKey(config) === null) return 'unavailable';
  return fields[PROOF_FIELD] ? 'offered' : 'missing';
}

/** True where the form carries a valid proof (developers.cloudflare.com/turnstile). Without one nothing is asked. */
export async function isHuman(
  config: Config,
  fields: Readonly<Record<string, string | undefined>>,
  address: string | null,
): Promise<boolean> {
  const token = fields[PROOF_FIELD];
  if (!config.turnstile || !token) return false;
  try {
    const response = await fetch(VERIFY_URL, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams({
        secret: config.turnstile.secretKey,
        response: token,
        ...(address === null ? {} : { remoteip: address }),
      }),
    });
    return answer.parse(await response.json()).success;
  } catch (error) {
    logLine('warn', 'human check not verified', { error: describeError(error) });
    return false;
  }
}
