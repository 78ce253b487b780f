import { equalInConstantTime, fromBase64Url, fromEachSecretsKey, hmacSha256, toBase64Url } from './crypto.ts';
import { deriveBytes } from './derive.ts';
import { madeOnce } from './made-once.ts';

const MINUTE_MS = 60_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The longest token that is read. No token that we make is so long. */
const MAX_CHARACTERS = 1_024;

/** `page`: given to the merchant's page, to open our frame with. `frame`: given to the frame itself. */
type EmbedTokenKind = 'page' | 'frame';
export type EmbedTokenUse = 'open_frame' | 'open_session' | 'read_status';

/** How long (ms) a token may be used, by kind and use. A `frame` token lasts longer, while the buyer chooses and pays. */
const GOOD_FOR_MS: Readonly<Record<EmbedTokenKind, Readonly<Record<EmbedTokenUse, number>>>> = {
  page: { open_frame: 5 * MINUTE_MS, open_session: 5 * MINUTE_MS, read_status: 60 * MINUTE_MS },
  frame: { open_frame: 0, open_session: 25 * MINUTE_MS, read_status: 60 * MINUTE_MS },
};

/** When a token of kind `page` can no longer open a frame. `issuedAt` and the result: unix ms. */
export function embedTokenExpiry(issuedAt: number): number {
  return issuedAt + GOOD_FOR_MS.page.open_frame;
}

/** What a token allows: a page of `origin` may show the checkout of `link`, with the public key `keyId`. Not secret. */
export interface EmbedGrant {
  readonly keyId: string;
  readonly origin: string;
  /** The token of a payment link. */
  readonly link: string;
}

interface EmbedTokens {
  /** Makes a token. `now`: unix ms. */
  issue(kind: EmbedTokenKind, grant: EmbedGrant, now: number): Promise<string>;
  /** What a token allows. null: it is not ours, was changed, is too old for this use, or was made after `now` (unix ms). */
  read(token: string, use: EmbedTokenUse, now: number): Promise<EmbedGrant | null>;
}

/**
 * Makes and reads the tokens of the widget: HMAC-SHA-256 under keys that are derived (HKDF-SHA-256) from each version
 * of SECRETS_KEY. The current version's key signs and all keys verify, so that a new version breaks no checkout. Throws
 * Error for a malformed SECRETS_KEY.
 */
export const embedTokens = madeOnce(async ({ secretsKey }: { readonly secretsKey: string }): Promise<EmbedTokens> => {
  const keys = await fromEachSecretsKey(secretsKey, ({ bytes }) => deriveBytes(bytes, 'softsolz embed token'));
  const macOf = async (key: Uint8Array, payload: string) => toBase64Url(await hmacSha256(key, payload));
  return {
    issue: async (kind, { keyId, origin, link }, now) => {
      const payload = toBase64Url(encoder.encode(JSON.stringify([kind, keyId, origin, link, now])));
      return `${payload}.${await macOf(keys[0], payload)}`;
    },
    read: async (token, use, now) => {
      const [payload, mac, ...more] = token.length > MAX_CHARACTERS ? [] : token.split('.');
      if (!payload || !mac || more.length > 0) return null;
      const matches = await Promise.all(
        keys.map(async (key) => await equalInConstantTime(mac, await macOf(key, payload))),
      );
      if (!matches.includes(true)) return null;
      const read = readPayload(payload);
      const age = read === null ? Number.NaN : now - read.issuedAt;
      return read !== null && age >= 0 && age < GOOD_FOR_MS[read.kind][use] ? read.grant : null;
    },
  };
});

/** Reads a payload whose signature was verified. null: it has another shape, made by an older version of this code. */
function readPayload(payload: string): { kind: EmbedTokenKind; grant: EmbedGrant; issuedAt: number } | null {
  const parts: unknown = JSON.parse(decoder.decode(fromBase64Url(payload)));
  if (!Array.isArray(parts)) return null;
  const [kind, keyId, origin, link, issuedAt]: unknown[] = parts;
  if (kind !== 'page' && kind !== 'frame') return null;
  if (typeof keyId !== 'string' || typeof origin !== 'string' || typeof link !== 'string') return null;
  return typeof issuedAt === 'number' ? { kind, grant: { keyId, origin, link }, issuedAt } : null;
}
