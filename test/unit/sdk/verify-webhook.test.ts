import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type VerifyWebhookOptions, verifyWebhook } from '../../../sdk/verify-webhook.ts';
import { newWebhookSecret } from '../../../src/core/webhook-signature.ts';
import { BODY, CURRENT, makeVectors, NOW, requestOf, VECTORS } from '../../support/webhook-vectors.ts';
import { delivery, outcome, standardDelivery } from '../../support/webhook-verification.ts';

afterEach(() => void vi.useRealTimers());

describe('the golden vectors', () => {
  it('have the signatures that node:crypto makes', () => {
    expect(VECTORS).toEqual(makeVectors());
  });

  it('have names of their own, and every reason that a request can have', () => {
    expect(new Set(VECTORS.map(({ name }) => name)).size).toBe(VECTORS.length);
    expect([...new Set(VECTORS.map(({ reason = 'accepted' }) => reason))].sort()).toEqual([
      'accepted',
      'malformed_body',
      'malformed_header',
      'missing_header',
      'signature_mismatch',
      'timestamp_too_new',
      'timestamp_too_old',
    ]);
  });

  it.each(VECTORS)('$expected: $name', async (vector) => {
    const { body, headers } = requestOf(vector);
    const options = { body, headers, secret: vector.secrets, now: vector.now };
    expect(await outcome(options)).toBe(vector.reason ?? 'accepted');
    if (vector.expected === 'accepted') expect(await verifyWebhook(options)).toEqual(JSON.parse(body.toString()));
  });
});

describe('verifyWebhook', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()];

  it.each([1, 2, 3, 4])(
    'accepts what is sent, by both kinds of header, with either secret: attempt %i',
    async (attempt) => {
      vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
      for (const headers of [await delivery(BODY, secrets, attempt), await standardDelivery(BODY, secrets, attempt)]) {
        for (const secret of [...secrets, secrets, [...secrets].reverse()]) {
          expect(await verifyWebhook({ body: BODY, headers, secret })).toEqual(JSON.parse(BODY));
        }
        for (const secret of secrets) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
        expect(await outcome({ body: BODY, headers, secret: newWebhookSecret() })).toBe('signature_mismatch');
        expect(() => new Webhook(newWebhookSecret()).verify(BODY, headers)).toThrow('No matching signature');
      }
    },
  );

  it('takes the body as text or as bytes, also as a part of a larger buffer', async () => {
    const bytes = new TextEncoder().encode(BODY);
    const larger = new Uint8Array([1, 2, 3, ...bytes, 4]);
    const bodies = [BODY, bytes, bytes.buffer, Buffer.from(BODY), larger.subarray(3, -1)];
    for (const body of bodies) {
      const event = await verifyWebhook({ body, headers: await delivery(), secret: CURRENT, now: NOW });
      expect(event).toEqual(JSON.parse(BODY));
    }
    expect(await outcome({ body: larger, headers: await delivery(), secret: CURRENT, now: NOW })).toBe(
      'signature_mismatch',
    );
  });

  it('verifies the bytes it was called with, whatever happens to the buffer then', async () => {
    const body = Buffer.from(BODY);
    const event = verifyWebhook({ body, headers: await delivery(), secret: CURRENT, now: NOW });
    body.fill(0);
    expect(await event).toEqual(JSON.parse(BODY));
  });

  it('takes the headers as the platforms give them', async () => {
    const value = (await delivery())['Softsolz-Signature'];
    const kinds: VerifyWebhookOptions['headers'][] = [
      new Headers({ 'Softsolz-Signature': value }),
      new Request('https://shop.example', { headers: { 'Softsolz-Signature': value } }).headers,
      { 'softsolz-signature': value, host: 'shop.example', cookie: undefined, 'set-cookie': ['a', 'b'] },
      { 'SOFTSOLZ-SIGNATURE': [value] },
      Object.assign(Object.create(null), { 'softsolz-signature': value }),
      (name) => (name.toLowerCase() === 'softsolz-signature' ? value : undefined),
      (name) => (name.toLowerCase() === 'softsolz-signature' ? [value] : null),
      ...[await standardDelivery()].flatMap((headers) => [headers, new Headers(headers)]),
    ];
    for (const headers of kinds) {
      expect(await outcome({ body: BODY, headers, secret: CURRENT, now: NOW })).toBe('accepted');
      expect(await outcome({ body: `${BODY} `, headers, secret: CURRENT, now: NOW })).toBe('signature_mismatch');
    }
    for (const headers of [new Headers(), {}, { 'softsolz-signature': [] }, () => undefined]) {
      expect(await outcome({ body: BODY, headers, secret: CURRENT, now: NOW })).toBe('missing_header');
    }
  });

  it('refuses a signature header that came twice', async () => {
    const value = (await delivery())['Softsolz-Signature'];
    const twice = new Headers({ 'Softsolz-Signature': value });
    twice.append('Softsolz-Signature', value);
    for (const headers of [
      twice,
      { 'softsolz-signature': [value, value] },
      { A: '', 'Softsolz-Signature': value, 'softsolz-signature': value },
    ]) {
      expect(await outcome({ body: BODY, headers, secret: CURRENT, now: NOW })).toBe('malformed_header');
    }
  });

  it('uses the clock and 300 seconds, unless the options say otherwise', async () => {
    const headers = await delivery();
    const at = async (seconds: number, options: { toleranceSeconds?: number; now?: number } = {}) => {
      vi.useFakeTimers({ toFake: ['Date'], now: (NOW + seconds) * 1000 });
      return await outcome({ body: BODY, headers, secret: CURRENT, ...options });
    };
    expect(await at(300)).toBe('accepted');
    expect(await at(300.9)).toBe('accepted');
    expect(await at(301)).toBe('timestamp_too_old');
    expect(await at(-301)).toBe('timestamp_too_new');
    expect(await at(0, { toleranceSeconds: 0 })).toBe('accepted');
    expect(await at(1, { toleranceSeconds: 0 })).toBe('timestamp_too_old');
    expect(await at(3600, { toleranceSeconds: 3600 })).toBe('accepted');
    expect(await at(9999, { now: NOW })).toBe('accepted');
  });

  it('gives events of types and with members that are not known yet', async () => {
    const event = { ...JSON.parse(BODY), type: 'payments.payment.imagined', data: { more: true }, also: 1 };
    const body = JSON.stringify(event);
    const headers = await delivery(body);
    expect(await verifyWebhook({ body, headers, secret: CURRENT, now: NOW })).toEqual(event);
  });

  it.each(['id', 'type', 'created_at', 'tenant_id', 'data'])('refuses a signed body without %s', async (member) => {
    const { [member]: _, ...event } = JSON.parse(BODY);
    const body = JSON.stringify(event);
    const headers = await delivery(body);
    expect(await outcome({ body, headers, secret: CURRENT, now: NOW })).toBe('malformed_body');
  });

  it.each(['null', '[]', '"x"', '1', ''])('refuses the signed body %j', async (body) => {
    const headers = await delivery(body);
    expect(await outcome({ body, headers, secret: CURRENT, now: NOW })).toBe('malformed_body');
  });
});

describe('one changed byte', () => {
  const changed = (bytes: Uint8Array, at: number, mask: number) =>
    bytes.map((byte, index) => (index === at % bytes.length ? byte ^ mask : byte));
  const position = fc.nat();
  const mask = fc.integer({ min: 1, max: 255 });

  it('of the body is refused, by both kinds of header', async () => {
    const kinds = [await delivery(), await standardDelivery()];
    await fc.assert(
      fc.asyncProperty(position, mask, fc.constantFrom(...kinds), async (at, bits, headers) => {
        const body = changed(Buffer.from(BODY), at, bits);
        expect(await outcome({ body, headers, secret: CURRENT, now: NOW })).toBe('signature_mismatch');
      }),
    );
  });

  it('of a signature header is refused, of either kind', async () => {
    const standard = await standardDelivery();
    const kinds: Record<string, string>[] = [
      { 'Softsolz-Signature': (await delivery())['Softsolz-Signature'] },
      standard,
      standard,
      standard,
    ];
    const names = ['Softsolz-Signature', ...Object.keys(standard)];
    expect(names).toHaveLength(kinds.length);
    await fc.assert(
      fc.asyncProperty(position, mask, fc.nat({ max: 3 }), async (at, bits, kind) => {
        const [headers = {}, name = ''] = [kinds[kind], names[kind]];
        const value = Buffer.from(changed(Buffer.from(headers[name] ?? '', 'latin1'), at, bits)).toString('latin1');
        expect(value).not.toBe(headers[name]);
        const options = { body: BODY, headers: { ...headers, [name]: value }, secret: CURRENT, now: NOW };
        expect(await outcome(options)).not.toBe('accepted');
      }),
      { numRuns: 300 },
    );
  });

  it('of the secret is refused', async () => {
    const headers = await delivery();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 31 }), mask, async (at, bits) => {
        const bytes = changed(Buffer.from(CURRENT.slice('whsec_'.length), 'base64'), at, bits);
        const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
        expect(await outcome({ body: BODY, headers, secret, now: NOW })).toBe('signature_mismatch');
      }),
    );
  });
});
