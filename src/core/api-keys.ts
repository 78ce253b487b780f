import CRC32 from 'crc-32';
import { customAlphabet } from 'nanoid';
import { sha256Hex } from './crypto.ts';
import { BASE62, shardIndex } from './ids.ts';

/** `secret` keys (`sk_`) belong on servers, `public` keys (`pk_`) in browsers. */
export type ApiKeyKind = 'secret' | 'public';
/** `live` moves money; `sandbox` uses Stripe's test mode. Their keys contain `_live_` and `_test_`. */
export type Mode = 'live' | 'sandbox';

export interface ParsedApiKey {
  kind: ApiKeyKind;
  mode: Mode;
  shard: string;
}

const PREFIX_LENGTH = 'sk_live_'.length;
const RANDOM_LENGTH = 24;
const CHECKSUM_LENGTH = 6;
const KEY_FORM = /^(sk|pk)_(live|test)_([0-9a-z])[0-9A-Za-z]{30}$/;

const randomBase62 = customAlphabet(BASE62, RANDOM_LENGTH);

/**
 * A new key: `sk_live_`, `sk_test_`, `pk_live_` or `pk_test_`, the shard character, 24 random base62 characters (142
 * bits) and a checksum: 39 characters. Show the key once, and store only its hash. Throws RangeError where `shard` is
 * not one character of 0-9 and a-z.
 */
export function newApiKey(input: { kind: ApiKeyKind; mode: Mode; shard: string }): string {
  return keyText(input.kind === 'secret' ? 'sk' : 'pk', input.mode, input.shard, randomBase62());
}

/** The public key with these 24 random base62 characters. Throws RangeError where `shard` is not one character of 0-9 and a-z. */
export function publicKeyText(mode: Mode, shard: string, random: string): string {
  return keyText('pk', mode, shard, random);
}

function keyText(kind: 'sk' | 'pk', mode: Mode, shard: string, random: string): string {
  shardIndex(shard);
  const body = `${kind}_${mode === 'live' ? 'live' : 'test'}_${shard}${random}`;
  return body + checksum(body);
}

/**
 * Reads kind, mode and shard from the text of a key. null: the text is malformed or its checksum is wrong, so a
 * mistyped key is refused without a query. A key that passes may still be revoked, or may never have been made.
 */
export function parseApiKey(text: string): ParsedApiKey | null {
  const [, kind, mode, shard] = KEY_FORM.exec(text) ?? [];
  if (shard === undefined || checksum(text.slice(0, -CHECKSUM_LENGTH)) !== text.slice(-CHECKSUM_LENGTH)) return null;
  return { kind: kind === 'sk' ? 'secret' : 'public', mode: mode === 'live' ? 'live' : 'sandbox', shard };
}

/** The parts of a key that may be stored and shown: its prefix (`sk_live_`) and its last four characters. */
export function apiKeyDisplay(key: string): { prefix: string; last4: string } {
  return { prefix: key.slice(0, PREFIX_LENGTH), last4: key.slice(-4) };
}

/** SHA-256 of a key in hex, the only form that is stored. It needs no salt or stretching: a key has 142 random bits. */
export function hashApiKey(key: string): Promise<string> {
  return sha256Hex(key);
}

/** CRC-32 of ASCII text as six base62 digits, which are enough for every 32-bit number. */
function checksum(body: string): string {
  let rest = CRC32.bstr(body) >>> 0;
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}
