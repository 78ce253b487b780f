import { fromBase64Url, fromEachSecretsKey, toBase64Url } from './crypto.ts';
import { deriveBytes } from './derive.ts';

const MINUTE_MS = 60_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The longest token that is read. No token that we make is so long. */
const MAX_CHARACTERS = 1_024;

type MacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** `page`: given to the merchant's page, to open our frame with. `frame`: given to the frame itself. */
export type EmbedTokenKind = 'page' | 'frame';
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

export interface EmbedTokens {
  /** Makes a token. `now`: unix ms. */
  issue(kind: EmbedTokenKind, grant: EmbedGrant, now: number): Promise<string>;
  /** What a token allows. null: it is not ours, was changed, is too old for this use, or was made after `now` (unix ms). */
  read(token: string, use: EmbedTokenUse, now: number): Promise<EmbedGrant | null>;
}

const opened = new Map<string, Promise<EmbedTokens>>();

/**
 * Makes and reads the tokens of the widget: HMAC-SHA-256 under keys that are derived (HKDF-SHA-256) from each version
 * of SECRETS_KEY. The current version's key signs and all keys verify, so that a new version breaks no checkout. Throws
 * Error for a malformed SECRETS_KEY.
 */
export function embedTokens(secretsKey: string): Promise<EmbedTokens> {
  const earlier = opened.get(secretsKey);
  if (earlier) return earlier;
  const made = openTokens(secretsKey);
  opened.set(secretsKey, made);
  return made;
}

async function openTokens(secretsKey: string): Promise<EmbedTokens> {
  const keys = await fromEachSecretsKey(secretsKey, ({ bytes }) => deriveKey(bytes));
  return {
    issue: async (kind, { keyId, origin, link }, now) => {
      const payload = toBase64Url(encoder.encode(JSON.stringify([kind, keyId, origin, link, now])));
      const mac = await crypto.subtle.sign('HMAC', keys[0], encoder.encode(payload));
      return `${payload}.${toBase64Url(new Uint8Array(mac))}`;
    },
    read: async (token, use, now) => {
      const [payload, mac, ...more] = token.length > MAX_CHARACTERS ? [] : token.split('.');
      if (!payload || !mac || more.length > 0) return null;
      if (!(await isSigned(keys, payload, mac))) return null;
      const read = readPayload(payload);
      const age = read === null ? Number.NaN : now - read.issuedAt;
      return read !== null && age >= 0 && age < GOOD_FOR_MS[read.kind][use] ? read.grant : null;
    },
  };
}

async function deriveKey(secret: Uint8Array<ArrayBuffer>): Promise<MacKey> {
  const bytes = await deriveBytes(secret, 'softsolz embed token');
  return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** True where any of the keys signed the payload. `verify` compares in constant time. */
async function isSigned(keys: readonly MacKey[], payload: string, mac: string): Promise<boolean> {
  try {
    const [signature, message] = [fromBase64Url(mac), encoder.encode(payload)];
    const matches = await Promise.all(keys.map((key) => crypto.subtle.verify('HMAC', key, signature, message)));
    return matches.includes(true);
  } catch {
    return false;
  }
}

/** Reads a payload whose signature was verified. null: it has another shape, made by an older version of this code. */
function readPayload(payload: string): { kind: EmbedTokenKind; grant: EmbedGrant; issuedAt: number } | null {
  const parts: unknown = JSON.parse(decoder.decode(fromBase64Url(payload)));
  if (!Array.isArray(parts)) return null;
  const [kind, keyId, origin, link, issuedAt]: unknown[] = parts;
  if (kind !== 'page' && kind !== 'frame') return null;
  if (typeof keyId !== 'string' || typeof origin !== 'string' || typeof link !== 'string') return null;
  return typeof issuedAt === 'number' ? { kind, grant: { keyId, origin, link }, issuedAt } : null;
}
