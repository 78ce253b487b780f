import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newWebhookSecret, signWebhook } from '../../../src/core/webhook-signature.ts';

const now = () => Math.floor(Date.now() / 1000);
const eventId = 'evt_00123456789abcdef';
const body = JSON.stringify({ id: eventId, type: 'payments.payment.succeeded', data: { reference: 'Zoë 😀' } });

/** The published check: hex HMAC-SHA-256 of "<t>.<raw body>" keyed with the secret as it is written. */
const expectedHex = (secret: string, t: number | string, text: string) =>
  createHmac('sha256', secret).update(`${t}.${text}`).digest('hex');

/** A simple verifier: it makes a map of the header, so that of two `v1` it sees the last. */
function acceptsByLastEntry(header: string, secret: string, text: string): boolean {
  const fields = new Map(
    header.split(',').map((field): [string, string] => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)];
    }),
  );
  return fields.get('v1') === expectedHex(secret, fields.get('t') ?? '', text);
}

describe('newWebhookSecret', () => {
  it('is whsec_ and base64 of 32 random bytes', () => {
    const secrets = Array.from({ length: 100 }, newWebhookSecret);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
    expect(new Set(secrets).size).toBe(100);
  });
});

describe('signWebhook', () => {
  it('signs as published, keyed with the whole secret', async () => {
    const secret = newWebhookSecret();
    const headers = await signWebhook({ eventId, body, secrets: [secret], attempt: 1, nowSeconds: 1_779_000_000 });
    expect(headers['Softsolz-Signature']).toBe(`t=1779000000,v1=${expectedHex(secret, 1_779_000_000, body)}`);
    expect(headers['webhook-id']).toBe(eventId);
    expect(headers['webhook-timestamp']).toBe('1779000000');
    expect(Object.keys(headers)).toHaveLength(4);
  });

  it('gives the same signatures from release to release', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const headers = await signWebhook({ eventId: 'evt_0', body: '{}', secrets: [secret], attempt: 1, nowSeconds: 1 });
    expect(headers).toEqual({
      'Softsolz-Signature': 't=1,v1=69668e2d1b9bfcaf676c60480e9596c9783ced79496d8e0b2501514ca2e4ca44',
      'webhook-id': 'evt_0',
      'webhook-timestamp': '1',
      'webhook-signature': 'v1,3jDeHXawGFVQ1CvoLuW4Qq0yjQ9YgJgtGazpegBMXKY=',
    });
  });

  it('is accepted by the Standard Webhooks library, for any body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const secret = newWebhookSecret();
        const payload = JSON.stringify({ text: text.toWellFormed() });
        const headers = await signWebhook({ eventId, body: payload, secrets: [secret], attempt: 1, nowSeconds: now() });
        expect(new Webhook(secret).verify(payload, headers)).toEqual(JSON.parse(payload));
      }),
    );
  });

  it('is refused by the Standard Webhooks library with another secret, body or id', async () => {
    const secret = newWebhookSecret();
    const headers = await signWebhook({ eventId, body, secrets: [secret], attempt: 1, nowSeconds: now() });
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'evt_1' })).toThrow();
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  });

  it('stamps each attempt with its own time', async () => {
    const secrets = [newWebhookSecret()];
    const first = await signWebhook({ eventId, body, secrets, attempt: 1, nowSeconds: 1000 });
    const second = await signWebhook({ eventId, body, secrets, attempt: 2, nowSeconds: 1010 });
    expect(second['webhook-timestamp']).toBe('1010');
    expect(second['Softsolz-Signature']).not.toBe(first['Softsolz-Signature']);
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
  });

  describe('with two secrets', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const attemptHeaders = (attempt: number) => signWebhook({ eventId, body, secrets, attempt, nowSeconds: now() });

    it.each([1, 2, 3, 10])('carries both signatures on attempt %i, and the library accepts either', async (attempt) => {
      const headers = await attemptHeaders(attempt);
      const t = headers['webhook-timestamp'];
      const entries = headers['Softsolz-Signature'].split(',');
      expect(entries[0]).toBe(`t=${t}`);
      expect(entries.slice(1).sort()).toEqual(secrets.map((secret) => `v1=${expectedHex(secret, t, body)}`).sort());
      expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
      for (const secret of secrets) expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
    });

    it('is accepted in two attempts, in either order, by a verifier that reads only the last entry', async () => {
      const attempts = await Promise.all([1, 2, 3, 4].map(attemptHeaders));
      for (const secret of secrets) {
        const accepted = attempts.map((headers) => acceptsByLastEntry(headers['Softsolz-Signature'], secret, body));
        expect(accepted.filter(Boolean)).toHaveLength(2);
        expect(accepted[0]).not.toBe(accepted[1]);
        expect(accepted[1]).not.toBe(accepted[2]);
      }
    });

    it('alternates the Standard Webhooks entries too', async () => {
      const secondsFirst = await signWebhook({ eventId, body, secrets, attempt: 1, nowSeconds: 5 });
      const secondsSecond = await signWebhook({ eventId, body, secrets, attempt: 2, nowSeconds: 5 });
      const entries = secondsFirst['webhook-signature'].split(' ');
      expect(secondsSecond['webhook-signature'].split(' ')).toEqual([...entries].reverse());
    });
  });

  it('refuses to send unsigned, and a secret that is not whsec_ and base64', async () => {
    const sign = (secrets: string[]) => signWebhook({ eventId, body, secrets, attempt: 1, nowSeconds: 1 });
    await expect(sign([])).rejects.toThrow('at least one secret');
    await expect(sign(['c2VjcmV0'])).rejects.toThrow('whsec_');
    await expect(sign(['whsec_not base64'])).rejects.toThrow('base64');
  });
});
