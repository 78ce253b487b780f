import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';

/** A long header is written as parts to be joined, each a text or a text and how often it comes. */
const headerValue = z.union([
  z.string(),
  z.array(z.union([z.string(), z.strictObject({ text: z.string(), times: z.int().positive() })])),
]);

const vector = z.strictObject({
  name: z.string(),
  secrets: z.array(z.string()).min(1),
  body: z.string().optional(),
  body_base64: z.base64().optional(),
  headers: z.record(z.string(), headerValue),
  now: z.int(),
  expected: z.enum(['accepted', 'refused']),
  reason: z.string().optional(),
  last_v1: z.enum(['accepted', 'refused']),
});

export type WebhookVector = z.output<typeof vector>;

/** The published golden vectors. */
export const VECTORS = z
  .array(vector)
  .parse(JSON.parse(readFileSync(resolve(import.meta.dirname, '../../sdk/golden-vectors.json'), 'utf8')));

/** The request of a vector, as it arrives. */
export function requestOf({ body, body_base64 = '', headers }: WebhookVector) {
  const written = (value: z.output<typeof headerValue>) =>
    [value]
      .flat()
      .map((part) => (typeof part === 'string' ? part : part.text.repeat(part.times)))
      .join('');
  return {
    body: body === undefined ? Buffer.from(body_base64, 'base64') : Buffer.from(body),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, written(value)])),
  };
}

export const NOW = 1_779_213_851;
const EVENT_ID = 'evt_0b1946ac92492d2347c6235b4d2611184';
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
export const CURRENT = secretOf(1);
export const PREVIOUS = secretOf(2);
const STRANGER = secretOf(3);

const eventWith = (reference: string) => ({
  id: EVENT_ID,
  type: 'payments.payment.succeeded',
  created_at: '2026-05-19T18:04:11Z',
  tenant_id: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
  data: {
    payment_id: 8123,
    amount_cents: 4999,
    currency: 'GBP',
    reference,
    customer_email: 'buyer@example.com',
    stripe_session_id: 'cs_live_a1b2c3',
    stripe_payment_intent_id: 'pi_a1b2c3',
    payment_link_id: null,
  },
});
export const BODY = JSON.stringify(eventWith('1042'));
const UNICODE = JSON.stringify(eventWith('Zoë & Søn: 写真 📷 e\u0301'));
/** The reference in Latin-1: JSON in no UTF-8. */
const LATIN_1 = Buffer.from(JSON.stringify(eventWith('Zoë')), 'latin1');

type Bytes = string | Buffer;

function hex(secret: string, t: number | string = NOW, body: Bytes = BODY): string {
  return createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
}

function base64(secret: string, t: number = NOW, body: Bytes = BODY): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return createHmac('sha256', key).update(`${EVENT_ID}.${t}.`).update(body).digest('base64');
}

/** The Softsolz-Signature of a body, signed with each of the secrets. */
const signed = (secrets: string[], t = NOW, body: Bytes = BODY) => ({
  'Softsolz-Signature': [`t=${t}`, ...secrets.map((secret) => `v1=${hex(secret, t, body)}`)].join(','),
});
const own = (header: z.output<typeof headerValue>) => ({ 'Softsolz-Signature': header });
const standard = (signature: string, t = NOW) => ({
  'webhook-id': EVENT_ID,
  'webhook-timestamp': String(t),
  'webhook-signature': signature,
});

type Outcome = Pick<WebhookVector, 'expected' | 'reason' | 'last_v1'>;
const ACCEPTED: Outcome = { expected: 'accepted', last_v1: 'accepted' };
const NOT_BY_LAST: Outcome = { expected: 'accepted', last_v1: 'refused' };
const refused = (reason: string, last_v1: Outcome['last_v1'] = 'refused'): Outcome => ({
  expected: 'refused',
  reason,
  last_v1,
});
const MISMATCH = refused('signature_mismatch');
const MALFORMED = refused('malformed_header');

type Given = { readonly secrets?: string[]; readonly body?: Bytes };

/** `last_v1`: the outcome for a verifier that holds the first secret and reads nothing but `t` and the last `v1`. */
function written(name: string, headers: WebhookVector['headers'], outcome: Outcome, given: Given = {}): WebhookVector {
  const { secrets = [CURRENT], body = BODY } = given;
  const text = typeof body === 'string' ? { body } : { body_base64: body.toString('base64') };
  return { name, secrets, ...text, headers, now: NOW, ...outcome };
}

function bodies(): WebhookVector[] {
  const withNewline = `${BODY}\n`;
  const tampered = BODY.replace('4999', '4998');
  const spaced = JSON.stringify(JSON.parse(BODY), null, 1);
  return [
    written('one secret', signed([CURRENT]), ACCEPTED),
    written('a body beyond ASCII', signed([CURRENT], NOW, UNICODE), ACCEPTED, { body: UNICODE }),
    written('a body that ends with a newline', signed([CURRENT], NOW, withNewline), ACCEPTED, { body: withNewline }),
    written('the newline at the end of the body lost', signed([CURRENT], NOW, withNewline), MISMATCH),
    written('a newline added to the body', signed([CURRENT]), MISMATCH, { body: withNewline }),
    written('one byte of the body changed', signed([CURRENT]), MISMATCH, { body: tampered }),
    written('the body parsed and written anew', signed([CURRENT]), MISMATCH, { body: spaced }),
    written('an empty body for a signed one', signed([CURRENT]), MISMATCH, { body: '' }),
    written('a signed body that is no JSON', signed([CURRENT], NOW, '{'), refused('malformed_body', 'accepted'), {
      body: '{',
    }),
    written('a signed body that is no event', signed([CURRENT], NOW, '{}'), refused('malformed_body', 'accepted'), {
      body: '{}',
    }),
    written('a signed body that is no UTF-8', signed([CURRENT], NOW, LATIN_1), refused('malformed_body', 'accepted'), {
      body: LATIN_1,
    }),
    written('bytes that only decode to the signed text', signed([CURRENT], NOW, LATIN_1.toString('utf8')), MISMATCH, {
      body: LATIN_1,
    }),
  ];
}

function secrets(): WebhookVector[] {
  const decodedKey = Buffer.from(CURRENT.slice('whsec_'.length), 'base64').toString('latin1');
  const both = { secrets: [CURRENT, PREVIOUS] };
  const old = { secrets: [PREVIOUS] };
  return [
    written('rotation, new signature last, new secret held', signed([PREVIOUS, CURRENT]), ACCEPTED),
    written('rotation, new signature first, new secret held', signed([CURRENT, PREVIOUS]), NOT_BY_LAST),
    written('rotation, new signature last, old secret held', signed([PREVIOUS, CURRENT]), NOT_BY_LAST, old),
    written('rotation, new signature first, old secret held', signed([CURRENT, PREVIOUS]), ACCEPTED, old),
    written('rotation, both signed and both held', signed([PREVIOUS, CURRENT]), ACCEPTED, both),
    written('both secrets held before the rotation', signed([PREVIOUS]), NOT_BY_LAST, both),
    written('both secrets held after the rotation', signed([CURRENT]), ACCEPTED, both),
    written('another secret', signed([STRANGER]), MISMATCH),
    written('two other secrets', signed([STRANGER, STRANGER]), MISMATCH, both),
    written('keyed with the decoded part of the secret', own(`t=${NOW},v1=${hex(decodedKey)}`), MISMATCH),
  ];
}

function times(): WebhookVector[] {
  const at = (seconds: number) => signed([CURRENT], NOW + seconds);
  return [
    written('300 s old', at(-300), ACCEPTED),
    written('301 s old', at(-301), refused('timestamp_too_old')),
    written('300 s ahead', at(300), ACCEPTED),
    written('301 s ahead', at(301), refused('timestamp_too_new')),
    written('an old signature under a new time', own(`t=${NOW},v1=${hex(CURRENT, NOW - 3600)}`), MISMATCH),
    written('no t', own(`v1=${hex(CURRENT)}`), MALFORMED),
    written('an empty t', own(`t=,v1=${hex(CURRENT, '')}`), MALFORMED),
    written('a t that is no number', own(`t=now,v1=${hex(CURRENT, 'now')}`), MALFORMED),
    written('a t below zero', own(`t=-${NOW},v1=${hex(CURRENT, `-${NOW}`)}`), MALFORMED),
    written('two t, the signed one last', own(`t=${NOW},t=${NOW - 3600},v1=${hex(CURRENT, NOW - 3600)}`), MALFORMED),
    written('two t, the signed one first', own(`t=${NOW - 3600},t=${NOW},v1=${hex(CURRENT, NOW - 3600)}`), MALFORMED),
  ];
}

function shapes(): WebhookVector[] {
  const lowerCase = { 'softsolz-signature': signed([CURRENT])['Softsolz-Signature'] };
  const zeros = '0'.repeat(64);
  const among10000 = [`t=${NOW},v1=${hex(CURRENT)}`, { text: `,v1=${zeros}`, times: 9999 }];
  return [
    written('the header name in lower case', lowerCase, ACCEPTED),
    written('no header', {}, refused('missing_header')),
    written('an empty header', own(''), MALFORMED),
    written('a header of junk', own('hello, world'), MALFORMED),
    written('v0 only', own(`t=${NOW},v0=${hex(CURRENT)}`), MALFORMED),
    written('v0 and v2 beside v1', own(`t=${NOW},v0=${zeros},v1=${hex(CURRENT)},v2=${zeros}`), ACCEPTED),
    written('an empty v1', own(`t=${NOW},v1=`), MISMATCH),
    written('upper-case hex', own(`t=${NOW},v1=${hex(CURRENT).toUpperCase()}`), MISMATCH),
    written('truncated hex', own(`t=${NOW},v1=${hex(CURRENT).slice(0, 62)}`), MISMATCH),
    written('hex with two digits more', own(`t=${NOW},v1=${hex(CURRENT)}00`), MISMATCH),
    written('a v1 of 64 characters beyond ASCII', own(`t=${NOW},v1=${'é'.repeat(64)}`), MISMATCH),
    written('the signature among 10,000 v1', own(among10000), MALFORMED),
    written(
      'the signature behind 100,000 characters of junk',
      own([{ text: 'x,', times: 50_000 }, signed([CURRENT])['Softsolz-Signature']]),
      refused('malformed_header', 'accepted'),
    ),
  ];
}

function standardWebhooks(): WebhookVector[] {
  const signature = `v1,${base64(CURRENT)}`;
  const rotated = `v1,${base64(PREVIOUS)} ${signature}`;
  const { 'webhook-id': _, ...withoutId } = standard(signature);
  const otherId = { ...standard(signature), 'webhook-id': 'evt_1' };
  const beside = { ...own(`t=${NOW},v1=${hex(STRANGER)}`), ...standard(signature) };
  const tampered = BODY.replace('4999', '4998');
  return [
    written('Standard Webhooks headers', standard(signature), NOT_BY_LAST),
    written('Standard Webhooks headers, rotation', standard(rotated), NOT_BY_LAST),
    written('Standard Webhooks headers, rotation, old secret held', standard(rotated), NOT_BY_LAST, {
      secrets: [PREVIOUS],
    }),
    written('Standard Webhooks headers, another version beside', standard(`v1a,AAAA ${signature}`), NOT_BY_LAST),
    written('Standard Webhooks headers, another version only', standard(`v1a,${base64(CURRENT)}`), MALFORMED),
    written('Standard Webhooks headers, another secret', standard(`v1,${base64(STRANGER)}`), MISMATCH),
    written('Standard Webhooks headers, one byte changed', standard(signature), MISMATCH, { body: tampered }),
    written('Standard Webhooks headers, another id', otherId, MISMATCH),
    written('Standard Webhooks headers, no id', withoutId, refused('missing_header')),
    ...[-300, 300].map((seconds) =>
      written(
        `Standard Webhooks headers, ${seconds} s`,
        standard(`v1,${base64(CURRENT, NOW + seconds)}`, NOW + seconds),
        NOT_BY_LAST,
      ),
    ),
    written(
      'Standard Webhooks headers, 301 s old',
      standard(`v1,${base64(CURRENT, NOW - 301)}`, NOW - 301),
      refused('timestamp_too_old'),
    ),
    written(
      'Standard Webhooks headers, 301 s ahead',
      standard(`v1,${base64(CURRENT, NOW + 301)}`, NOW + 301),
      refused('timestamp_too_new'),
    ),
    written('right Standard Webhooks headers beside a wrong Softsolz-Signature', beside, MISMATCH),
  ];
}

/** Every vector made anew: secrets, bodies, times and shapes as written here, signatures by node:crypto. */
export function makeVectors(): WebhookVector[] {
  return [...bodies(), ...secrets(), ...times(), ...shapes(), ...standardWebhooks()];
}
