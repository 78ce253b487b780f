import { equalInConstantTime, fromBase64Url, fromEachSecretsKey, hmacSha256, toBase64Url } from './crypto.ts';
import { deriveBytes } from './derive.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The longest token that is read. No token that we make is so long. */
const MAX_CHARACTERS = 1_024;

interface SignedTokens {
  /** Makes a token. Who has it can read its content, and nobody can change it. */
  sign(content: readonly unknown[]): Promise<string>;
  /** The content of a token. null: it is not ours, is for another purpose, or was changed. */
  open(token: string): Promise<readonly unknown[] | null>;
}

/**
 * Makes and reads tokens for one purpose: HMAC-SHA-256 under keys that are derived (HKDF-SHA-256) from each version of
 * SECRETS_KEY. The current version's key signs and all keys verify, so that a new version makes no token invalid. Throws
 * Error for a malformed SECRETS_KEY.
 */
export async function signedTokens(secretsKey: string, purpose: string): Promise<SignedTokens> {
  const keys = await fromEachSecretsKey(secretsKey, ({ bytes }) => deriveBytes(bytes, purpose));
  const macOf = async (key: Uint8Array, payload: string) => toBase64Url(await hmacSha256(key, payload));
  return {
    sign: async (content) => {
      const payload = toBase64Url(encoder.encode(JSON.stringify(content)));
      return `${payload}.${await macOf(keys[0], payload)}`;
    },
    open: async (token) => {
      const [payload, mac, ...more] = token.length > MAX_CHARACTERS ? [] : token.split('.');
      if (!payload || !mac || more.length > 0) return null;
      const matches = await Promise.all(
        keys.map(async (key) => await equalInConstantTime(mac, await macOf(key, payload))),
      );
      if (!matches.includes(true)) return null;
      const content: unknown = JSON.parse(decoder.decode(fromBase64Url(payload)));
      return Array.isArray(content) ? content : null;
    },
  };
}
