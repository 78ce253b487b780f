import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from '../../../sdk/verify-webhook.ts';
import { BODY, CURRENT, NOW, PREVIOUS } from '../../support/webhook-vectors.ts';
import { delivery, outcome } from '../../support/webhook-verification.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a hostile request', () => {
  it('costs one HMAC per secret, however many signatures it claims', async () => {
    const sign = vi.spyOn(crypto.subtle, 'sign');
    const zeros = `,v1=${'0'.repeat(64)}`;
    const short = `t=${NOW}${zeros.repeat(50)}`;
    expect(await outcome({ body: BODY, headers: () => short, secret: [CURRENT, PREVIOUS], now: NOW })).toBe(
      'signature_mismatch',
    );
    expect(sign).toHaveBeenCalledTimes(2);
  });

  it('costs none when its header is too long, malformed or out of time', async () => {
    const sign = vi.spyOn(crypto.subtle, 'sign');
    const value = (await delivery())['Softsolz-Signature'];
    sign.mockClear();
    const long = `${value}${',v1='.repeat(10_000)}`;
    for (const header of [
      long,
      Array(10_000).fill(value),
      value.replace('t=', 't=0'.repeat(2000)),
      'v1=',
      `t=1${value.slice(12)}`,
    ]) {
      expect(
        await outcome({ body: BODY, headers: { 'Softsolz-Signature': header }, secret: CURRENT, now: NOW }),
      ).toMatch(/malformed_header|timestamp_too_old/);
    }
    expect(sign).not.toHaveBeenCalled();
  });

  it('is refused for a reason, whatever its header says', async () => {
    const piece = fc.oneof(
      fc.constantFrom('t=', 'v1=', 'v0=', ',', '=', ' ', String(NOW), '0'.repeat(64), '__proto__=', 'constructor='),
      fc.string({ unit: 'binary' }),
    );
    const header = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(header, async (value) => {
        const standard = { 'webhook-id': value, 'webhook-timestamp': String(NOW), 'webhook-signature': `v1,${value}` };
        for (const headers of [
          { 'Softsolz-Signature': value },
          standard,
          { ...standard, 'webhook-timestamp': value },
        ]) {
          expect(await outcome({ body: BODY, headers, secret: CURRENT, now: NOW })).toMatch(
            /^(malformed_header|signature_mismatch|timestamp_too_old|timestamp_too_new)$/,
          );
        }
      }),
    );
  });
});

describe('a wrong call', () => {
  const call = async (options: object): Promise<string> => {
    const all = { body: BODY, headers: await delivery(), secret: CURRENT, now: NOW, ...options };
    try {
      await Reflect.apply(verifyWebhook, undefined, [all]);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      expect(error.name).toBe('WebhookVerificationError');
      return `${error.reason}: ${error.message}`;
    }
  };

  it('is distinguished from a wrong request, and the error names the option', async () => {
    const [, base64 = ''] = CURRENT.split('_');
    for (const secret of [
      undefined,
      '',
      [],
      base64,
      `${CURRENT}\n`,
      'whsec_',
      'whsec_a',
      'whsec_?',
      [CURRENT, ''],
      1,
    ]) {
      expect(await call({ secret })).toMatch(/^invalid_option: `secret` /);
    }
    for (const body of [undefined, null, JSON.parse(BODY), 1, [1]]) {
      expect(await call({ body })).toMatch(/^invalid_option: `body` /);
    }
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, new Date(), String(NOW)]) {
      expect(await call({ now })).toMatch(/^invalid_option: `now` /);
    }
    for (const toleranceSeconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, '300', null]) {
      expect(await call({ toleranceSeconds })).toMatch(/^invalid_option: .*`toleranceSeconds` /);
    }
  });

  it('never shows the secret', async () => {
    const secret = `${CURRENT.slice(0, -2)}!`;
    expect(await call({ secret })).not.toContain(CURRENT.slice(6, 20));
    expect(await call({ secret: PREVIOUS })).not.toContain(PREVIOUS.slice(6, 20));
  });

  it('keeps what a function for the headers threw as its cause', async () => {
    const cause = new TypeError('Illegal invocation');
    const headers = () => {
      throw cause;
    };
    await expect(verifyWebhook({ body: BODY, headers, secret: CURRENT })).rejects.toMatchObject({
      reason: 'invalid_option',
      cause,
    });
  });

  it('throws nothing but WebhookVerificationError', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ body: fc.anything(), headers: fc.anything(), secret: fc.anything() }),
        async (options) => {
          for (const given of [options, { ...options, secret: CURRENT }, { ...options, secret: CURRENT, body: BODY }]) {
            expect(await call(given)).not.toBe('accepted');
          }
        },
      ),
    );
    await expect(Reflect.apply(verifyWebhook, undefined, [])).rejects.toBeInstanceOf(WebhookVerificationError);
  });
});
