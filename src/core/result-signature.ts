import { fromEachSecretsKey, toBase64Url } from './crypto.ts';
import { deriveBytes } from './derive.ts';

const encoder = new TextEncoder();
/** The bytes that PKCS #8 has before a raw Ed25519 seed (RFC 8410 §7). */
const PKCS8_PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A public key as published: a JSON Web Key (RFC 8037). */
export interface PublishedKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly use: 'sig';
  readonly alg: 'EdDSA';
  readonly kid: string;
  readonly x: string;
}

export interface ResultSigner {
  /** The public keys of all versions of SECRETS_KEY. The first belongs to the key that signs. */
  readonly published: readonly PublishedKey[];
  /** The signature of a text, in base64url. */
  sign(message: string): Promise<string>;
}

/**
 * Makes the signer of the results that buyers bring back to a merchant's page. An Ed25519 key is derived (HKDF-SHA-256)
 * from each version of SECRETS_KEY. The current version's key signs; the public keys of all versions are published.
 * Throws Error for a malformed SECRETS_KEY.
 */
export async function resultSigner(secretsKey: string): Promise<ResultSigner> {
  const keys = await fromEachSecretsKey(secretsKey, ({ version, bytes }) => deriveKey(version, bytes));
  return {
    published: keys.map(({ published }) => published),
    sign: async (message) =>
      toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', keys[0].key, encoder.encode(message)))),
  };
}

async function deriveKey(
  version: string,
  secret: Uint8Array<ArrayBuffer>,
): Promise<{ key: SigningKey; published: PublishedKey }> {
  const seed = await deriveBytes(secret, 'softsolz payment result');
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', key);
  if (!('x' in jwk) || typeof jwk.x !== 'string') throw new Error('This runtime did not give the public key.');
  return { key, published: { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: version, x: jwk.x } };
}

/** The result of a payment, brought to the merchant's page by the buyer. Amounts in minor units, `t` in unix seconds. */
export interface PaymentResult {
  readonly payment_id: number;
  readonly status: string;
  readonly amount_cents: number;
  readonly currency: string;
  readonly reference: string;
  readonly t: number;
  readonly link: string;
  readonly livemode: boolean;
}

/** The result of a payment, as it is signed. `link`: the payment link's token. `at`: when it is signed (unix ms). */
export function paymentResult(
  payment: { id: number; status: string; amountMinor: number; currency: string; reference: string | null },
  { link, livemode, at }: { link: string; livemode: boolean; at: number },
): PaymentResult {
  const { id, status, amountMinor, currency, reference } = payment;
  const t = Math.floor(at / 1000);
  return { payment_id: id, status, amount_cents: amountMinor, currency, reference: reference ?? '', t, link, livemode };
}

/** The text that is signed: the result's members, sorted by name and form-encoded (as `URLSearchParams` writes them). */
export function signedText(result: PaymentResult): string {
  const query = new URLSearchParams(Object.entries(result).map(([name, value]) => [name, String(value)]));
  query.sort();
  return query.toString();
}

/** `successUrl` with a result and its signature in the query. Replaces parameters of the same names; the others stay. */
export async function signedResultUrl(
  signer: ResultSigner,
  successUrl: string,
  result: PaymentResult,
): Promise<string> {
  const text = signedText(result);
  const url = new URL(successUrl);
  for (const name of [...Object.keys(result), 'signature']) url.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(text)) url.searchParams.append(name, value);
  url.searchParams.append('signature', await signer.sign(text));
  return url.href;
}
