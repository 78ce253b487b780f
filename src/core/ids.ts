import { customAlphabet } from 'nanoid';

/** The characters that name a shard. The one after an id's prefix says in which database the id's row is. */
export const SHARD_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
export const DEFAULT_SHARD = '0';

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const randomLowerCase = customAlphabet(SHARD_ALPHABET);
const randomBase62 = customAlphabet(BASE62);

/** The number of a shard, 0–35. Throws RangeError for anything but one character of SHARD_ALPHABET. */
export function shardIndex(shard: string): number {
  const index = shard.length === 1 ? SHARD_ALPHABET.indexOf(shard) : -1;
  if (index === -1) throw new RangeError(`A shard is one character of 0-9 and a-z, not ${JSON.stringify(shard)}.`);
  return index;
}

/** A new token of a payment link: `lnk_` + shard + 20 random lower-case characters (103 bits), which nobody can guess. */
export function newPaymentLinkToken(shard: string): string {
  return makeId('lnk', shard, randomLowerCase(20));
}

/** The shard of a payment link's token. null: the text has not the form of a token. */
export function parsePaymentLinkToken(text: string): { shard: string } | null {
  const shard = /^lnk_([0-9a-z])[0-9a-z]{20}$/.exec(text)?.[1];
  return shard === undefined ? null : { shard };
}

/** The payment link's token that a text is, or that an address in it ends with. null: there is none. */
export function paymentLinkTokenIn(text: string): string | null {
  return /(?:^|\/)(lnk_[0-9a-z]{21})(?:\/?(?:[?#].*)?)?$/.exec(text.trim())?.[1] ?? null;
}

/** A new operation id: `op_` + shard + 26 random base62 characters (154 bits). It also serves as Stripe's idempotency key. */
export function newOperationId(shard: string): string {
  return makeId('op', shard, randomBase62(26));
}

/** A random id for a form on a page: 26 base62 characters (154 bits). */
export function newFormId(): string {
  return randomBase62(26);
}

/** True for a text of the form that `newFormId` returns. */
export function isFormId(text: string): boolean {
  return /^[0-9A-Za-z]{26}$/.test(text);
}

/** A new id of an API key, for lists and logs; it is not the key. `key_` + shard + 26 random characters (134 bits). */
export function newApiKeyId(shard: string): string {
  return makeId('key', shard, randomLowerCase(26));
}

/** A new id of an event: `evt_` + shard + 122 random bits in hex. `eventIdFor` (core/derive.ts) gives ids of the same form. */
export function newEventId(shard: string): string {
  return makeId('evt', shard, crypto.randomUUID().replaceAll('-', ''));
}

/** A new id of a webhook endpoint: `we_` + shard + 26 random characters (134 bits). */
export function newWebhookEndpointId(shard: string): string {
  return makeId('we', shard, randomLowerCase(26));
}

/** A new id of an invitation: `inv_` + shard + 26 random characters (134 bits), which nobody can guess. */
export function newInvitationId(shard: string): string {
  return makeId('inv', shard, randomLowerCase(26));
}

/** The shard of an id: the character after the prefix, `0` in `evt_0a1b2c`. null: the text does not have the form of an id. */
export function shardOf(id: string): string | null {
  return /^[a-z]+_([0-9a-z])[0-9A-Za-z]+$/.exec(id)?.[1] ?? null;
}

/** Returns `prefix` + `_` + `shard` + `rest`. Throws RangeError where `shard` is not one character of 0-9 and a-z. */
export function makeId(prefix: string, shard: string, rest: string): string {
  shardIndex(shard);
  return `${prefix}_${shard}${rest}`;
}
