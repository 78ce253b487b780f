import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail, readEmail } from '../../../src/core/email.ts';

describe('an e-mail address', () => {
  it.each(['ann@example.com', 'First.Last+tag@Sub.Example.co.uk', 'ann@example.xn--p1ai', "o'hara@example.com"])(
    'stays as it is: %s',
    (text) => {
      expect(readEmail(text)).toBe(text);
    },
  );

  it.each([
    ['ann@münchen.de', 'ann@xn--mnchen-3ya.de'],
    ['ann@MÜNCHEN.de', 'ann@xn--mnchen-3ya.de'],
    ['Ann+1@почта.рф', 'Ann+1@xn--80a1acny.xn--p1ai'],
    ['ann@例え。テスト', 'ann@xn--r8jz45g.xn--zckzah'],
    ['ann@ｅｘａｍｐｌｅ.com', 'ann@example.com'],
  ])('with an international domain is in punycode: %s', (text, address) => {
    expect(readEmail(text)).toBe(address);
    expect(canonicalEmail(text)).toBe(address);
  });

  it.each([
    ...['', 'ann', '@münchen.de', 'ann@münchen', 'jürgen@example.com', 'a@b@münchen.de', 'ann@mün chen.de'],
    ...['ann@münchen.de/x', 'ann@münchen.de:25', 'ann@ü@b.de', 'ann@１２７.0.0.1', 'ann@mün%2fchen.de', 'ann@[ü]'],
    ...['ann@\u202emünchen.de', 'ann@münchen.de\n', 'ann@xn--a.de.ü\u0000', `${'a'.repeat(240)}@münchen.de`],
  ])('is not %j', (text) => {
    expect(readEmail(text)).toBeNull();
    expect(canonicalEmail(text)).toBe(text);
  });

  it('is ASCII and read back as it is, whatever it was read from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (domain) => {
        const address = readEmail(`ann@${domain}.de`);
        if (address === null) return;
        expect(address).toMatch(/^[!-~]+$/);
        expect(readEmail(address)).toBe(address);
      }),
    );
  });
});
