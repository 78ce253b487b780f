import { type Mode, publicKeyText } from './api-keys.ts';
import { sha256Hex } from './crypto.ts';
import { BASE62, makeId, SHARD_ALPHABET, shardOf } from './ids.ts';

// Ids and secrets that are derived from an operation's id are the same whenever they are derived: a resumed operation finds
// what it wrote before. The id of an operation is random and never shown, so nobody can guess what is derived from it.

const encoder = new TextEncoder();

/**
 * The operation id of a form that was sent. The same form with the same content gives the same id, so that a double click
 * or a reload does it only once. `form`: the random id that the page gave the form. `content`: what counts of what was
 * sent, and of who sent it.
 */
export async function operationIdOfForm(shard: string, form: string, content: readonly string[]): Promise<string> {
  return makeId('op', shard, (await sha256Hex(JSON.stringify([form, ...content]))).slice(0, 32));
}

/** The token of the payment link that an operation makes. Throws RangeError where `operationId` has no shard. */
export async function paymentLinkTokenOf(operationId: string): Promise<string> {
  const digest = await digestFor('payment link', operationId);
  const letters = Array.from({ length: 20 }, (_, index) => {
    const number = Number.parseInt(digest.slice(index * 3, index * 3 + 3), 16);
    return SHARD_ALPHABET.charAt(number % SHARD_ALPHABET.length);
  });
  return makeId('lnk', shardOfOperation(operationId), letters.join(''));
}

/** The ids of a pair of workspaces. */
export interface PairIds {
  /** That of the live workspace, which is also the id of the pair. */
  readonly id: string;
  readonly sandboxId: string;
}

/**
 * The ids of the workspaces that an operation makes, always the same ones. They are UUIDs version 8 (RFC 9562, 5.8 and
 * B.2): version 4 is for random bits, and these are bits of SHA-256.
 */
export async function pairIdsOf(operationId: string): Promise<PairIds> {
  const [live, sandbox] = await Promise.all([
    digestFor('live workspace', operationId),
    digestFor('sandbox workspace', operationId),
  ]);
  return { id: uuidOf(live), sandboxId: uuidOf(sandbox) };
}

/** The id of the API key that an operation makes. Throws RangeError where `operationId` has no shard. */
export async function apiKeyIdOf(operationId: string): Promise<string> {
  return makeId('key', shardOfOperation(operationId), (await digestFor('api key', operationId)).slice(0, 26));
}

/** The public key that an operation makes, always the same one. Throws RangeError where `operationId` has no shard. */
export async function publicKeyOf(operationId: string, mode: Mode): Promise<string> {
  let rest = BigInt(`0x${await digestFor('public key', operationId)}`);
  const letters = Array.from({ length: 24 }, () => {
    const letter = BASE62.charAt(Number(rest % 62n));
    rest /= 62n;
    return letter;
  });
  return publicKeyText(mode, shardOfOperation(operationId), letters.join(''));
}

/** The id of the webhook endpoint that an operation makes. Throws RangeError where `operationId` has no shard. */
export async function webhookEndpointIdOf(operationId: string): Promise<string> {
  return makeId('we', shardOfOperation(operationId), (await digestFor('webhook endpoint', operationId)).slice(0, 26));
}

/**
 * The id of an event: `evt_` + shard + 128 bits of SHA-256 in hex. The same workspace, type and subject always give the
 * same id, so that a fact that is reported twice is stored once. `subject`: an id that no other fact of the type ever has,
 * also after the database was restored to an earlier day: Stripe's id of an object or the id of an operation, but never
 * the id of a row.
 */
export async function eventIdFor(shard: string, workspaceId: string, type: string, subject: string): Promise<string> {
  return makeId('evt', shard, (await sha256Hex(`${workspaceId}\n${type}\n${subject}`)).slice(0, 32));
}

/**
 * The id of the delivery of an event to an endpoint: `dlv_`, the event's id without `evt_`, then the endpoint's
 * id without `we_` and without the shard character after it. SQL builds the same id (`deliveryIdSql` in db/outbox.ts).
 */
export function deliveryIdFor(eventId: string, endpointId: string): string {
  return `dlv_${eventId.slice('evt_'.length)}${endpointId.slice('we_0'.length)}`;
}

/** 32 bytes derived from a secret for one purpose: HKDF-SHA-256 (RFC 5869) without salt. Two purposes give different bytes. */
export async function deriveBytes(secret: Uint8Array<ArrayBuffer>, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const source = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, source, 256));
}

/** SHA-256 of purpose and operation id, in hex. */
function digestFor(purpose: string, operationId: string): Promise<string> {
  return sha256Hex(`${purpose}\n${operationId}`);
}

/** A UUID version 8 of the first bits of a digest in hex. */
function uuidOf(digest: string): string {
  // The variant of RFC 9562: the first two bits of this digit are 1 and 0.
  const variant = (Number.parseInt(digest.charAt(16), 16) & 0b0011) | 0b1000;
  const digits = `${digest.slice(0, 12)}8${digest.slice(13, 16)}${variant.toString(16)}${digest.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function shardOfOperation(operationId: string): string {
  const shard = shardOf(operationId);
  if (shard === null) throw new RangeError(`An operation id carries a shard, ${JSON.stringify(operationId)} does not.`);
  return shard;
}
