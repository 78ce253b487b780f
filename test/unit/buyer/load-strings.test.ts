import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { loadStrings } from '../../../src/http/buyer/load-strings.ts';
import { ENGLISH, negotiateLocale } from '../../../src/http/buyer/locale.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { ASSETS } from '../pay/texts.ts';

const GERMAN = negotiateLocale('de-CH', undefined);
const FAILED = { locale: ENGLISH, strings: en };

let log: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

/** A binding of its own, with the answers in turn and then the real files; `asked` is what it was asked for. */
function assetsWith(...answers: (() => Promise<Response>)[]): { assets: Fetcher; asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetcher['fetch'] = async (input, init) => {
    asked.push(new URL(String(input)).pathname);
    return await (answers.shift()?.() ?? ASSETS.fetch(input, init));
  };
  return { assets: { ...ASSETS, fetch }, asked };
}

const json = (value: unknown) => async () => Response.json(value);

describe('loading the texts of a language', () => {
  it('asks for nothing in English', async () => {
    const { assets, asked } = assetsWith();
    const locale = negotiateLocale('en-IN', undefined);
    expect(await loadStrings(assets, locale)).toEqual({ locale, strings: en });
    expect(asked).toEqual([]);
  });

  it('asks once for each language, whatever the region', async () => {
    const { assets, asked } = assetsWith();
    const first = await loadStrings(assets, GERMAN);
    expect(first.locale).toBe(GERMAN);
    expect(first.strings.amount).toBe('Betrag');
    expect((await loadStrings(assets, negotiateLocale('de', undefined))).strings).toBe(first.strings);
    await loadStrings(assets, negotiateLocale('ar', undefined));
    expect(asked).toEqual(['/pay/strings/de.json', '/pay/strings/ar.json']);
  });

  const { pay: _pay, ...incomplete } = german;
  const junk: [string, () => Promise<Response>][] = [
    ['does not answer', () => Promise.reject(new Error('Network connection lost.'))],
    ['has no such file', async () => new Response('Not found', { status: 404 })],
    ['fails', async () => Response.json(german, { status: 500 })],
    ['answers no JSON', async () => new Response('<!doctype html><p>Oops')],
    ['answers an empty body', async () => new Response('')],
    ['answers null', json(null)],
    ['answers a text', json('pay')],
    ['answers a list', json([german])],
    ['answers an empty tree', json({})],
    ['lacks a text', json(incomplete)],
    ['lacks a branch', json({ ...german, closed: {} })],
    ['has a text for a branch', json({ ...german, done: 'x' })],
    ['has a number for a text', json({ ...german, amount: 1 })],
    ['has a tree for a text', json({ ...german, amount: { text: 'x' } })],
    ['has null for a text', json({ ...german, receipt: { ...german.receipt, number: null } })],
    ['has a text too many', json({ ...german, faults: { ...german.faults, other: 'x' } })],
  ];

  it.each(junk)(
    'ends in English with a line in the log when the file %s, and is tried again',
    async (_name, answer) => {
      const { assets, asked } = assetsWith(answer);
      expect(await loadStrings(assets, GERMAN)).toEqual(FAILED);
      expect(log.mock.calls).toEqual([[expect.stringContaining('"language":"de"')]]);
      expect(await loadStrings(assets, GERMAN)).toEqual({ locale: GERMAN, strings: german });
      expect(asked).toHaveLength(2);
      expect(log).toHaveBeenCalledTimes(1);
    },
  );

  it('gives up on a binding that never answers', async () => {
    const signals: AbortSignal[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController();
      queueMicrotask(() => controller.abort(new DOMException('Too slow', 'TimeoutError')));
      return controller.signal;
    });
    const fetch: Fetcher['fetch'] = (_input, init) =>
      new Promise((_resolve, reject) => {
        const signal = init?.signal;
        if (!signal) return;
        signals.push(signal);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    expect(await loadStrings({ ...ASSETS, fetch }, GERMAN)).toEqual(FAILED);
    expect(signals).toHaveLength(1);
  });
});
