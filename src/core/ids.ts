import { customAlphabet } from 'nanoid';
import { sha256Hex } from './crypto.ts';

/**
 * Identifiers carry the shard they live in as the first character after their prefix, so that the database is known
 * from the identifier alone.
 */
export const SHARD_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
export const DEFAULT_SHARD = '0';

/** Room for 2^40 rows per table and shard; 36 shards stay below 2^53, where doubles are still exact. */
const ROW_IDS_PER_SHARD = 2 ** 40;

const LINK_TOKEN_RANDOM_LENGTH = 20;
const KEY_RANDOM_LENGTH = 26;
const DIGEST_LENGTH = 32;
const ENDPOINT_RANDOM_LENGTH = 26;

const randomLowerCase = customAlphabet(SHARD_ALPHABET);
const randomBase62 = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

/** 0–35. Throws RangeError for anything but one character of SHARD_ALPHABET. */
export function shardIndex(shard: string): number {
  const index = shard.length === 1 ? SHARD_ALPHABET.indexOf(shard) : -1;
  if (index === -1) throw new RangeError(`A shard is one character of 0-9 and a-z, not ${JSON.stringify(shard)}.`);
  return index;
}

/** Where the integer row ids of a shard begin: shard index × 2^40, so that two databases never give the same id. */
export function firstRowId(shard: string): number {
  return shardIndex(shard) * ROW_IDS_PER_SHARD;
}

/** `lnk_` + shard + 20 random lower-case characters (103 bits): public, yet not to be guessed. */
export function newPaymentLinkToken(shard: string): string {
  return newId('lnk', shard, randomLowerCase(LINK_TOKEN_RANDOM_LENGTH));
}

/** The shard of a payment link's token, or null for text that cannot be one. No I/O. */
export function parsePaymentLinkToken(text: string): { shard: string } | null {
  const shard = /^lnk_([0-9a-z])[0-9a-z]{20}$/.exec(text)?.[1];
  return shard === undefined ? null : { shard };
}

/** `op_` + shard + 26 random base62 characters (154 bits). Also used as Stripe's idempotency key. */
export function newOperationId(shard: string): string {
  return newId('op', shard, randomBase62(26));
}

/**
 * The operation of a form: the same form sent with the same content is the same operation, so that a double click or a
 * reload makes one session. `form`: the random id that the page gave the form. `content`: what the buyer sent.
 */
export async function operationIdOfForm(shard: string, form: string, content: readonly string[]): Promise<string> {
  const digest = await sha256Hex(JSON.stringify([form, ...content]));
  return newId('op', shard, digest.slice(0, DIGEST_LENGTH));
}

/** A random id for a form on a page: 26 base62 characters (154 bits). */
export function newFormId(): string {
  return randomBase62(26);
}

/** True for what `newFormId` makes. */
export function isFormId(text: string): boolean {
  return /^[0-9A-Za-z]{26}$/.test(text);
}

/**
 * The token of the link that an operation makes: an operation that is resumed finds the link it has made. The operation's
 * id is random and never shown, so the token is not to be guessed.
 */
export async function paymentLinkTokenOf(operationId: string): Promise<string> {
  const shard = shardOf(operationId);
  if (shard === null) throw new RangeError(`An operation id carries a shard, ${JSON.stringify(operationId)} does not.`);
  const digest = await sha256Hex(`payment link\n${operationId}`);
  const letters = Array.from({ length: LINK_TOKEN_RANDOM_LENGTH }, (_, index) => {
    const byte = Number.parseInt(digest.slice(index * 3, index * 3 + 3), 16);
    return SHARD_ALPHABET.charAt(byte % SHARD_ALPHABET.length);
  });
  return newId('lnk', shard, letters.join(''));
}

/** A UUID version 4 (RFC 9562). */
export function newWorkspaceId(): string {
  return crypto.randomUUID();
}

/** `key_` + shard + 26 random characters (134 bits). Names a key in lists and logs; it is not the key. */
export function newApiKeyId(shard: string): string {
  return newId('key', shard, randomLowerCase(KEY_RANDOM_LENGTH));
}

/** The id of the key that an operation makes: an operation that is resumed finds the key it has made. */
export async function apiKeyIdOf(operationId: string): Promise<string> {
  const shard = shardOf(operationId);
  if (shard === null) throw new RangeError(`An operation id carries a shard, ${JSON.stringify(operationId)} does not.`);
  const digest = await sha256Hex(`api key\n${operationId}`);
  return newId('key', shard, digest.slice(0, KEY_RANDOM_LENGTH));
}

/** `we_` + shard + 26 random characters (134 bits). */
export function newWebhookEndpointId(shard: string): string {
  return newId('we', shard, randomLowerCase(ENDPOINT_RANDOM_LENGTH));
}

/** The shard character of an identifier made here (`prefix_` + shard + letters and digits), else null. */
export function shardOf(id: string): string | null {
  return /^[a-z]+_([0-9a-z])[0-9A-Za-z]+$/.exec(id)?.[1] ?? null;
}

/**
 * The id of an event that tells one fact: the same workspace, type and subject always give the same id, so that a fact
 * told twice is one row. `subject`: what the fact is about, for example "payment:8123". `evt_` + shard + 128 bits of
 * SHA-256 in hex.
 */
export async function eventIdFor(shard: string, workspaceId: string, type: string, subject: string): Promise<string> {
  const digest = await sha256Hex(`${workspaceId}\n${type}\n${subject}`);
  return newId('evt', shard, digest.slice(0, DIGEST_LENGTH));
}

/**
 * The endpoint that an operation makes: an operation that is resumed finds the endpoint it has made. `we_` + the
 * operation's shard + 104 bits of SHA-256 in hex.
 */
export async function webhookEndpointIdOf(operationId: string): Promise<string> {
  const shard = shardOf(operationId);
  if (shard === null) throw new RangeError(`An operation id carries a shard, ${JSON.stringify(operationId)} does not.`);
  const digest = await sha256Hex(`webhook endpoint\n${operationId}`);
  return newId('we', shard, digest.slice(0, ENDPOINT_RANDOM_LENGTH));
}

/**
 * The id of a delivery: one per event and endpoint. `dlv_` + the event's shard and letters + the endpoint's letters, so that
 * SQL can put it together as well (`deliveryIdSql` in db/replays.ts).
 */
export function deliveryIdFor(eventId: string, endpointId: string): string {
  return `dlv_${eventId.slice('evt_'.length)}${endpointId.slice('we_0'.length)}`;
}

function newId(prefix: string, shard: string, rest: string): string {
  shardIndex(shard);
  return `${prefix}_${shard}${rest}`;
}
