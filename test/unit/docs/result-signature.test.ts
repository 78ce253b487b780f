import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { resultSigner, signedResultUrl } from '../../../src/core/result-signature.ts';
import { RESULT } from '../../support/payment-results.ts';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../../docs/payment-results.md'), 'utf8');

const verifier = z.object({ verifyPaymentResult: z.custom<(url: string, keys: unknown[]) => Promise<unknown>>() });

/** The guide's JavaScript, as a merchant copies it. */
async function merchantsVerifier() {
  const [, source = ''] = /```js\n(.*?)```/s.exec(GUIDE) ?? [];
  expect(source).toContain('export async function verifyPaymentResult');
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`);
  return verifier.parse(module).verifyPaymentResult;
}

const SIGNED = Object.fromEntries(Object.entries(RESULT).map(([name, value]) => [name, String(value)]));

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: RESULT.t * 1000 }));
afterEach(() => void vi.useRealTimers());

/** A result as the buyer brings it, and the published keys. */
async function brought(reference = RESULT.reference, success = 'https://shop.example/thanks?order=7') {
  const signer = await resultSigner(Buffer.alloc(32, 1).toString('base64'));
  const url = await signedResultUrl(signer, success, { ...RESULT, reference });
  return { url, keys: [...signer.published] };
}

describe("the guide's JavaScript", () => {
  it('accepts a result and gives its values', async () => {
    const verify = await merchantsVerifier();
    for (const reference of ['Invoice 1042', '', 'Ünï & 1+1=2 ~*()', '💳', '%26status%3Dx']) {
      const { url, keys } = await brought(reference);
      expect(await verify(url, keys)).toEqual({ ...SIGNED, reference });
    }
  });

  it("accepts it beside whatever the merchant's URL or the buyer adds", async () => {
    const verify = await merchantsVerifier();
    const { url, keys } = await brought(undefined, 'https://shop.example/?status=x&a=%20&b#top');
    expect(await verify(url, keys)).toEqual(SIGNED);
    expect(await verify(url.replace('#', '&utm_source=mail&%73tatus=failed&amount%5Fcents=1#'), keys)).toEqual(SIGNED);
  });

  it('accepts it under any of the published keys, and under no other', async () => {
    const verify = await merchantsVerifier();
    const { url, keys } = await brought();
    const other = (await resultSigner(Buffer.alloc(32, 2).toString('base64'))).published;
    expect(await verify(url, [...other, ...keys])).toEqual(SIGNED);
    expect(await verify(url, [...other])).toBe(null);
    expect(await verify(url, [])).toBe(null);
  });

  it('refuses whatever was changed, left out or doubled', async () => {
    const verify = await merchantsVerifier();
    const { url, keys } = await brought();
    const edits: ((query: URLSearchParams) => void)[] = [
      ...Object.keys(SIGNED).flatMap((name) => [
        (query: URLSearchParams) => query.set(name, `${query.get(name)}0`),
        (query: URLSearchParams) => query.delete(name),
        (query: URLSearchParams) => query.append(name, query.get(name) ?? ''),
      ]),
      (query) => query.delete('signature'),
      (query) => query.set('signature', ''),
      (query) => query.set('signature', 'junk'),
      (query) => query.set('signature', 'A'.repeat(86)),
    ];
    for (const edit of edits) {
      const changed = new URL(url);
      edit(changed.searchParams);
      expect([changed.search, await verify(changed.href, keys)]).toEqual([changed.search, null]);
    }
    expect(await verify('https://shop.example/thanks', keys)).toBe(null);
  });

  it('refuses a result that is more than an hour old, or from the future', async () => {
    const verify = await merchantsVerifier();
    const { url, keys } = await brought();
    for (const [seconds, fits] of [
      [3600, true],
      [3601, false],
      [-3600, true],
      [-3601, false],
    ] as const) {
      vi.setSystemTime((RESULT.t + seconds) * 1000);
      expect([seconds, (await verify(url, keys)) !== null]).toEqual([seconds, fits]);
    }
  });
});

describe('the guide', () => {
  it('names every parameter of a result in its table and in all four languages', () => {
    const blocks = ['js', 'python', 'php', 'go'].map((language) => GUIDE.split(`\`\`\`${language}\n`)[1] ?? '');
    for (const name of Object.keys(RESULT)) {
      expect(GUIDE).toContain(`| \`${name}\` |`);
      for (const block of blocks) expect(block.split('```')[0]).toMatch(new RegExp(`['"]${name}['"]`));
    }
  });
});
