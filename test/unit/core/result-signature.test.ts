import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultSigner, signedResultUrl, signedText } from '../../../src/core/result-signature.ts';
import { isSignedBy, publishedKeys, RESULT } from '../../support/payment-results.ts';

const ONE = Buffer.alloc(32, 1).toString('base64');
const TWO = Buffer.alloc(32, 2).toString('base64');

/** The eight parameters and the signature of a URL, by name. */
function resultOf(href: string): Record<string, string> {
  return Object.fromEntries(new URL(href).searchParams);
}

describe('the signed text', () => {
  it('is our parameters alone, sorted by name, form-encoded', () => {
    expect(signedText({ ...RESULT, reference: 'Ünï & 1+1=2 ~*' })).toBe(
      'amount_cents=4999&currency=GBP&link=lnk_0abcdefghij0123456789&livemode=true&payment_id=8123' +
        '&reference=%C3%9Cn%C3%AF+%26+1%2B1%3D2+%7E*&status=succeeded&t=1770000000',
    );
  });

  it('has an empty reference where there is none', () => {
    expect(signedText({ ...RESULT, reference: '' })).toContain('&reference=&status=');
  });
});

describe('the keys', () => {
  it('are derived from SECRETS_KEY: the same for the same, another for another', async () => {
    const [first, again, other] = await Promise.all([ONE, ONE, TWO].map(resultSigner));
    expect(publishedKeys.parse({ keys: first?.published }).keys).toHaveLength(1);
    expect(again?.published).toEqual(first?.published);
    expect(other?.published[0]?.x).not.toBe(first?.published[0]?.x);
  });

  it('say nothing of the secret they come from', async () => {
    const { published } = await resultSigner(ONE);
    const text = JSON.stringify(published);
    expect(text).not.toContain(ONE.slice(0, 12));
    expect(text).not.toContain('"d"');
  });

  it('are one per version of SECRETS_KEY, all published, and the first signs', async () => {
    const old = await resultSigner(`v1:${ONE}`);
    const rotated = await resultSigner(`v2:${TWO},v1:${ONE}`);
    expect(rotated.published.map(({ kid }) => kid)).toEqual(['v2', 'v1']);
    expect(rotated.published[1]).toEqual(old.published[0]);
    const [present, former] = rotated.published;
    if (!present || !former) throw new Error('Two keys were expected');
    const signature = await rotated.sign('text');
    expect(await isSignedBy(present, signature, 'text')).toBe(true);
    expect(await isSignedBy(former, signature, 'text')).toBe(false);
    expect(await isSignedBy(former, await old.sign('text'), 'text')).toBe(true);
  });

  it('need a SECRETS_KEY', async () => {
    for (const text of ['', 'short', '1:x']) await expect(resultSigner(text)).rejects.toThrow(/SECRETS_KEY/);
  });
});

describe('the result URL', () => {
  it('carries the result and a signature over its text that the published key verifies', async () => {
    const signer = await resultSigner(ONE);
    const href = await signedResultUrl(signer, 'https://shop.example/thanks', RESULT);
    const { signature = '', ...values } = resultOf(href);
    expect(values).toEqual(Object.fromEntries(Object.entries(RESULT).map(([name, value]) => [name, String(value)])));
    expect(signature).toMatch(/^[\w-]{86}$/);
    const [key] = signer.published;
    if (!key) throw new Error('A key was expected');
    expect(await isSignedBy(key, signature, signedText(RESULT))).toBe(true);
    expect(await isSignedBy(key, signature, signedText({ ...RESULT, amount_cents: 1 }))).toBe(false);
  });

  it("keeps the merchant's own address, query and fragment", async () => {
    const signer = await resultSigner(ONE);
    const own = 'https://shop.example:8443/a%20b/thanks?order=7&tag=x&tag=y&empty=#top';
    const url = new URL(await signedResultUrl(signer, own, RESULT));
    expect(`${url.origin}${url.pathname}${url.hash}`).toBe('https://shop.example:8443/a%20b/thanks#top');
    expect(url.search.startsWith('?order=7&tag=x&tag=y&empty=&amount_cents=4999')).toBe(true);
  });

  it('has no second copy of a parameter of ours, whatever stood there before', async () => {
    const signer = await resultSigner(ONE);
    const forged = 'https://shop.example/?status=refunded&t=1&signature=x&signature=y&link=z&amount_cents=1&a=b';
    const url = new URL(await signedResultUrl(signer, forged, RESULT));
    for (const name of [...Object.keys(RESULT), 'signature', 'a']) {
      expect([name, url.searchParams.getAll(name).length]).toEqual([name, 1]);
    }
    expect(url.searchParams.get('status')).toBe('succeeded');
  });

  it('writes the pairs exactly as they were signed, whatever the reference is', async () => {
    const signer = await resultSigner(ONE);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (reference) => {
        const result = { ...RESULT, reference };
        const { search } = new URL(await signedResultUrl(signer, 'https://shop.example/?a=1', result));
        const pairs = search.slice(1).split('&');
        expect(pairs.filter((pair) => !/^(a|signature)=/.test(pair)).join('&')).toBe(signedText(result));
      }),
    );
  });
});
