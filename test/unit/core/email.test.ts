import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail, readEmail, splitAtEmails } from '../../../src/core/email.ts';

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

/** The addresses that are found in a text, each as it is written there and as it is read. */
const found = (text: string) =>
  splitAtEmails(text).flatMap((part) => (part.address === null ? [] : [[part.text, part.address]]));
const alone = (address: string) => [[address, address]];

describe('an e-mail address inside a text', () => {
  it.each([
    ...[
      'Write to ann@example.com',
      'ann@example.com.',
      'ann@example.com, or call',
      '(ann@example.com)',
      '<ann@example.com>',
    ],
    ...[
      'Mail:ann@example.com',
      'mailto:ann@example.com?',
      'ann@example.com: we answer',
      "'ann@example.com'",
      '"ann@example.com"',
    ],
    ...[
      '*ann@example.com*',
      '_ann@example.com_',
      '…ann@example.com…',
      '...ann@example.com...',
      'ann@example.com-',
      'ann@example.com!',
      'ann@example.com.Please do',
    ],
    ...[
      'line\nann@example.com\nline',
      'ann@b ann@example.com',
      '@ann ann@example.com',
      '#ann@example.com',
      '“ann@example.com”',
    ],
    ...[
      'راسلنا: ann@example.com.',
      'お問い合わせはann@example.comまで',
      '请联系ann@example.com。',
      'ann@example.com으로',
      'писать ann@example.com',
    ],
    ...[
      '"><script>ann@example.com</script>',
      `${'a'.repeat(5000)} ann@example.com`,
      `${'@'.repeat(5000)} ann@example.com`,
    ],
  ])('is found without what stands around it: %s', (text) => {
    expect(found(text)).toEqual(alone('ann@example.com'));
  });

  it.each([
    ["o'hara+1@example.co.uk", "o'hara+1@example.co.uk"],
    ['info@müller.de', 'info@xn--mller-kva.de'],
    ['Info@Example.Co.Uk', 'Info@Example.Co.Uk'],
    ['Info@Почта.рф', 'Info@xn--80a1acny.xn--p1ai'],
  ])('is read with its whole name and domain: %s', (written, address) => {
    expect(found(`Mail: ${written}.`)).toEqual([[written, address]]);
  });

  it('is found each time', () => {
    const text = 'ann@example.com, bob@example.com;cy@example.com';
    expect(found(text)).toEqual(['ann', 'bob', 'cy'].map((name) => [`${name}@example.com`, `${name}@example.com`]));
  });

  it.each([
    ...[
      'a@b',
      '@example.com',
      'ann@',
      'ann @example.com',
      'ann@ example.com',
      '"><script>@x.com',
      'ann@example',
      'ann@@example.com',
      '@ann@example.com',
      'a@b.example@c.example',
    ],
    // Part of something longer, which a link to the part would change.
    ...[
      'jürgen@example.com',
      'писать.ann@',
      'eann\u0301@example.com',
      'https://ann@example.com/x',
      'https://x.example/?to=ann@example.com',
    ],
    ...[
      'https://x.example/ann@example.com',
      'ann@example.com/inbox',
      'git@example.com:team/app',
      'ann@example.com:25',
      'a..b@example.com',
    ],
    ...[
      'ann@example..com',
      'ann@127.0.0.1',
      'ann@example.c',
      `${'a'.repeat(65)}@example.com`,
      `ann@${'a.'.repeat(200)}com`,
    ],
    ...[
      'a@'.repeat(5000),
      '@'.repeat(5000),
      'ann@example.みんな',
      'ann@\u202eexample.com',
      'ann\u202e@example.com',
      '',
      'ann@example.comو',
    ],
  ])('is not in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('leaves the text as it is, and is an address wherever it is found', () => {
    const piece = fc.constantFrom(
      'ann',
      '@',
      '.',
      'example.com',
      ' ',
      'ü',
      'ま',
      'و',
      '-',
      "'",
      '/',
      '\n',
      '\ud83d\ude00',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const parts = splitAtEmails(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        for (const { text: written, address } of parts) {
          expect(written).not.toBe('');
          if (address !== null) expect(readEmail(written)).toBe(address);
        }
      }),
    );
  });
});
