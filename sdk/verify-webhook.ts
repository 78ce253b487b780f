/**
 * Verifies the webhooks of SoftSolz Payments. One file without imports: copy it. It runs wherever there is Web Crypto (Node 18
 * and newer, Deno, Bun, Workers) and compiles with any platform's types, or with none.
 */

interface AboutPayment {
  payment_id: number;
  amount_cents: number; // integer, minor units, like every …_cents
  currency: string;
  reference: string | null;
  stripe_payment_intent_id: string | null;
  payment_link_id: string | null; // token of the payment link, lnk_…
}

export interface PaymentData extends AboutPayment {
  /** The address that the buyer entered at Stripe, else the address of your request. */
  customer_email: string | null;
  stripe_session_id: string;
}

/** One refund, in full or in part. `amount_cents` is the amount of this refund. */
export interface PaymentRefundedData extends AboutPayment {
  refund_id: string;
  reason: string | null;
  payment_amount_cents: number;
  /** The amount of all refunds of the payment so far, including this one. */
  refunded_cents: number;
}

/** A refund that did not reach the buyer, even if it was reported as succeeded before. */
export interface RefundFailedData extends AboutPayment {
  refund_id: string;
  reason: string | null;
  payment_amount_cents: number;
  /** The amount of the payment's refunds that still count, without this one. */
  refunded_cents: number;
  status: 'failed' | 'canceled';
  failure_reason: string | null; // Stripe's reason: insufficient_funds, expired_or_canceled_card, declined, unknown …
}

export interface DisputeData extends AboutPayment {
  dispute_id: string;
  reason: string;
  status: string; // Stripe's status: needs_response, under_review, won, lost …
}

export interface AccountUpdatedData {
  stripe_account_id: string;
  state: AccountState; // as GET /account answers it
  charges_enabled: boolean; // true: the account can take payments
  payouts_enabled: boolean;
  details_submitted: boolean;
  connected: boolean; // false: the account was disconnected, here or at Stripe
  requirements: { what: string; due_at: string | null; awaiting: 'merchant' | 'stripe'; message: string }[];
}

export type AccountState =
  | 'none'
  | 'disconnected'
  | 'rejected'
  | 'started'
  | 'payouts_held'
  | 'ready'
  | 'action_needed'
  | 'in_review'
  | 'restricted';

export interface WebhookEndpointDisabledData {
  webhook_endpoint_id: string;
  url: string;
  reason: string;
  failing_since: string | null;
}

/** The `data` of each `type` of event. */
export interface WebhookEventData {
  'payments.payment.succeeded': PaymentData;
  'payments.payment.failed': PaymentData;
  'payments.payment.processing': PaymentData;
  'payments.payment.refunded': PaymentRefundedData;
  'payments.refund.failed': RefundFailedData;
  'payments.checkout.expired': PaymentData;
  'payments.dispute.opened': DisputeData;
  'payments.dispute.closed': DisputeData;
  'payments.link.exhausted': { payment_link_id: string; title: string; max_payments: number };
  'payments.account.updated': AccountUpdatedData;
  'webhook.endpoint.disabled': WebhookEndpointDisabledData;
  'webhook.ping': { webhook_endpoint_id: string };
}

export type WebhookEventType = keyof WebhookEventData;

/** A verified event. `switch` on `type` and `data` has its type. Add a `default` for types that are added later. */
export type WebhookEvent = {
  [Type in WebhookEventType]: {
    /** The same in every delivery of the event: handle each id once. */
    id: string;
    type: Type;
    created_at: string; // RFC 3339, UTC
    tenant_id: string;
    data: WebhookEventData[Type];
  };
}[WebhookEventType];

export type WebhookVerificationReason =
  | 'missing_header' // neither Softsolz-Signature nor the three Standard Webhooks headers
  | 'malformed_header' // too long, not exactly one time, or no v1 signature
  | 'timestamp_too_old' // signed longer ago than the tolerance
  | 'timestamp_too_new' // signed further ahead than the tolerance
  | 'signature_mismatch' // signed with another secret, or the body was changed
  | 'malformed_body' // the signature is correct, but the body is not an event
  | 'invalid_option' // the fault is in your call, not in the request
  | 'crypto_unavailable'; // the runtime has no Web Crypto

export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly reason: WebhookVerificationReason;

  constructor(reason: WebhookVerificationReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

type HeaderValue = string | readonly string[] | null | undefined;

/** A `Headers` object, an object like Node's (names in upper or lower case), or a function that returns the value of a name. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, HeaderValue>>
  | ((name: string) => HeaderValue);

export interface VerifyWebhookOptions {
  /** The raw body, exactly as it arrived, preferably as bytes. */
  readonly body: string | Uint8Array | ArrayBuffer;
  readonly headers: WebhookHeaders;
  /** The whole secret, with `whsec_`. During a rotation, both secrets. */
  readonly secret: string | readonly string[];
  /** How many seconds the time of signing may be from now, in both directions. Default: 300. */
  readonly toleranceSeconds?: number;
  /** The time in unix seconds. Default: the clock. */
  readonly now?: number;
}

// The web standards that this file uses, declared here so that no platform's types are needed.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };
declare const atob: (base64: string) => string;
declare const btoa: (binary: string) => string;

interface HmacCrypto {
  importKey(format: 'raw', key: Uint8Array, algorithm: object, extractable: boolean, usages: ['sign']): Promise<object>;
  sign(algorithm: 'HMAC', key: object, data: Uint8Array): Promise<ArrayBuffer>;
}

/** The values of one family of headers, and how its signatures are made. */
interface Signed {
  readonly timestamp: string;
  readonly prefix: string; // the signed text before the body
  readonly signatures: readonly string[];
  readonly keyOf: (secret: string) => Uint8Array;
  readonly encode: (mac: Uint8Array) => string;
}

const MAX_HEADER_LENGTH = 4096; // about 60 signatures; two are sent during a rotation
const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

/**
 * Verifies the signature and time of a webhook request, and returns its event. It reads `Softsolz-Signature` or, if that header
 * is missing, the Standard Webhooks headers. One signature that matches one of the secrets is enough.
 * Rejects only with WebhookVerificationError.
 */
export async function verifyWebhook(options: VerifyWebhookOptions): Promise<WebhookEvent> {
  try {
    return await verify(options);
  } catch (error) {
    if (error instanceof WebhookVerificationError) throw error;
    throw failure('invalid_option', 'The options could not be read: see `cause`.', error);
  }
}

async function verify(options: VerifyWebhookOptions): Promise<WebhookEvent> {
  const { headers, toleranceSeconds = 300, now = Math.floor(Date.now() / 1000) } = options;
  const secrets = secretsOf(options.secret);
  const body = bytesOf(options.body);
  if (!Number.isFinite(now) || !(Number.isFinite(toleranceSeconds) && toleranceSeconds >= 0)) {
    throw failure('invalid_option', '`now` must be unix seconds, `toleranceSeconds` 0 or more.');
  }
  const signed = signedBy(headers);
  const age = now - Number(signed.timestamp);
  const away = `${Math.abs(age)} s away, ${toleranceSeconds} s are allowed. Is the clock right?`;
  if (age > toleranceSeconds) throw failure('timestamp_too_old', `Signed in the past, ${away}`);
  if (age < -toleranceSeconds) throw failure('timestamp_too_new', `Signed in the future, ${away}`);
  if (await isSignedWithAny(secrets, signed, body)) return eventOf(body);
  throw failure('signature_mismatch', "No signature fits. Is `body` unchanged, and `secret` this endpoint's?");
}

function failure(reason: WebhookVerificationReason, message: string, cause?: unknown): WebhookVerificationError {
  return new WebhookVerificationError(reason, message, cause === undefined ? undefined : { cause });
}

function secretsOf(secret: VerifyWebhookOptions['secret']): readonly string[] {
  const secrets = [secret].flat();
  if (secrets.length > 0 && secrets.every((text) => SECRET.test(text))) return secrets;
  throw failure('invalid_option', '`secret` must be the whole secret, whsec_ included, or a list of such secrets.');
}

/** A copy, so that the verified bytes are the parsed bytes even if the caller changes its buffer. */
function bytesOf(body: VerifyWebhookOptions['body']): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  // Not instanceof: test runners and iframes have this class twice.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body).slice();
  throw failure('invalid_option', '`body` must be the raw body, a string or bytes. Was it parsed already?');
}

function signedBy(headers: WebhookHeaders): Signed {
  const signed = softsolzSignature(headers) ?? standardSignature(headers);
  if (signed === null) throw failure('missing_header', 'The request has no Softsolz-Signature header.');
  if (!/^\d{1,12}$/.test(signed.timestamp)) throw failure('malformed_header', 'Expected one time in unix seconds.');
  if (signed.signatures.length === 0) throw failure('malformed_header', 'Expected at least one v1 signature.');
  return signed;
}

function headerOf(headers: WebhookHeaders, name: string): string | null {
  const values: HeaderValue[] = [];
  if (typeof headers === 'function') values.push(headers(name));
  else if ('get' in headers && typeof headers.get === 'function') values.push(headers.get(name));
  else for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) values.push(value);
  const found = values.flat().filter((value) => value !== null && value !== undefined);
  const header = found.length === 0 ? null : found.join(',');
  if (header === null || header.length <= MAX_HEADER_LENGTH) return header;
  throw failure('malformed_header', `The header ${name} is longer than ${MAX_HEADER_LENGTH} characters.`);
}

/** `t=<unix seconds>,v1=<hex>,v1=<hex>`: HMAC-SHA-256 of `<t>.<body>`. The key is the whole secret as text. */
function softsolzSignature(headers: WebhookHeaders): Signed | null {
  const header = headerOf(headers, 'softsolz-signature');
  if (header === null) return null;
  const parts = header.split(',').map((part) => part.trim());
  const timestamp = valuesOf('t=', parts).join(',');
  return {
    timestamp,
    prefix: `${timestamp}.`,
    signatures: valuesOf('v1=', parts),
    keyOf: (secret) => new TextEncoder().encode(secret),
    encode: (mac) => Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/** `v1,<base64> v1,<base64>`: HMAC-SHA-256 of `<id>.<timestamp>.<body>`. The key is the decoded part after `whsec_`. */
function standardSignature(headers: WebhookHeaders): Signed | null {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const header = headerOf(headers, 'webhook-signature');
  if (id === null || timestamp === null || header === null) return null;
  return {
    timestamp,
    prefix: `${id}.${timestamp}.`,
    signatures: valuesOf('v1,', header.split(' ')),
    keyOf: (secret) => Uint8Array.from(atob(secret.slice('whsec_'.length)), (character) => character.charCodeAt(0)),
    encode: (mac) => btoa(String.fromCharCode(...mac)),
  };
}

function valuesOf(name: string, parts: readonly string[]): string[] {
  return parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length));
}

async function isSignedWithAny(secrets: readonly string[], signed: Signed, body: Uint8Array): Promise<boolean> {
  const subtle = await hmacCrypto();
  const prefix = new TextEncoder().encode(signed.prefix);
  const message = new Uint8Array(prefix.length + body.length);
  message.set(prefix);
  message.set(body, prefix.length);
  let matches = 0;
  for (const secret of secrets) {
    const key = await subtle.importKey('raw', signed.keyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const expected = signed.encode(new Uint8Array(await subtle.sign('HMAC', key, message)));
    // Compare all of them: an early exit would show by its time what matches.
    for (const given of signed.signatures) matches += isSameText(given, expected);
  }
  return matches > 0;
}

/** 1 or 0, in a time that depends only on the lengths. */
function isSameText(given: string, expected: string): 0 | 1 {
  if (given.length !== expected.length) return 0;
  let difference = 0;
  for (let at = 0; at < expected.length; at += 1) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0 ? 1 : 0;
}

async function hmacCrypto(): Promise<HmacCrypto> {
  let host: unknown = Reflect.get(globalThis, 'crypto');
  // Node 18 has it there. The name is built at run time, so that bundlers for other platforms do not look for the module.
  const name = ['node', 'crypto'].join(':');
  if (!hasSubtle(host)) host = await import(/* webpackIgnore: true */ /* @vite-ignore */ name).catch(() => null);
  if (hasSubtle(host)) return host.subtle;
  throw failure('crypto_unavailable', 'This runtime has no Web Crypto (crypto.subtle).');
}

function hasSubtle(value: unknown): value is { subtle: HmacCrypto } {
  return isRecord(value) && isRecord(value.subtle);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function eventOf(body: Uint8Array): WebhookEvent {
  try {
    const event: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (isEvent(event)) return event;
  } catch (cause) {
    throw failure('malformed_body', 'The signed body is not JSON.', cause);
  }
  throw failure('malformed_body', 'The signed body is not an event.');
}

/** `data` is not checked further: members that are added later must not make an event unreadable. */
function isEvent(value: unknown): value is WebhookEvent {
  if (!isRecord(value) || !isRecord(value.data)) return false;
  return ['id', 'type', 'created_at', 'tenant_id'].every((name) => typeof value[name] === 'string');
}
