import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsOrigin, canonicalOrigin, originFault, walletDomainOf } from '../../../src/core/origins.ts';

const LIVE = { sandbox: false };
const SANDBOX = { sandbox: true };

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((text) => text !== 'localhost');
// A top level of three letters or more: below one of two, `co`, `me` and others belong to nobody.
const domain = fc.tuple(label, label).map(([name, top]) => `${name}.${top}xx`);
const port = fc.integer({ min: 1, max: 65_535 }).filter((number) => number !== 443);

describe('an entry of allowed origins', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://www.shop.example', 'https://www.shop.example'],
    ['https://*.shop.example', 'https://*.shop.example'],
    ['https://*.shop.example:8443', 'https://*.shop.example:8443'],
    ['https://shop.example:443', 'https://shop.example'],
    ['https://shop.example:08443', 'https://shop.example:8443'],
    ['HTTPS://Shop.EXAMPLE', 'https://shop.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://*.bücher.example', 'https://*.xn--bcher-kva.example'],
    ['https://my_shop.example', 'https://my_shop.example'],
  ])('%s is stored as %s, on either kind of key', (text, stored) => {
    expect([originFault(text, LIVE), originFault(text, SANDBOX)]).toEqual([null, null]);
    expect(canonicalOrigin(text)).toBe(stored);
    expect(canonicalOrigin(stored)).toBe(stored);
  });

  it.each([
    ['http://localhost', 'http://localhost'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://localhost:*', 'http://localhost:*'],
    ['https://localhost:3000', 'https://localhost:3000'],
    ['http://LOCALHOST:80', 'http://localhost'],
  ])('%s is for pk_test_ keys only', (text, stored) => {
    expect(originFault(text, SANDBOX)).toBeNull();
    expect(originFault(text, LIVE)).toContain('pk_test_');
    expect(canonicalOrigin(text)).toBe(stored);
  });

  const faulty: readonly unknown[] = [
    ...[
      '',
      ' ',
      'null',
      '*',
      'https://',
      'https://*',
      'https://*.',
      'shop.example',
      '//shop.example',
      'https:shop.example',
    ],
    ...['https://*.com', 'https://*.co.uk', 'https://*.com.au', 'https://*.localhost', 'http://*.localhost:3000'],
    ...['http://shop.example', 'http://127.0.0.1', 'ftp://shop.example', 'javascript://shop.example', 'file:///x'],
    ...['https://shop.example/', 'https://shop.example/pay', 'https://shop.example?x', 'https://shop.example#x'],
    ...[
      'https://user@shop.example',
      'https://user:pass@shop.example',
      'https://shop.example.',
      'https://.shop.example',
    ],
    ...[
      'https://shop..example',
      'https://sh*p.example',
      'https://shop.*.example',
      'https://shop.*',
      'https://**.shop.example',
    ],
    ...['https://*.*.shop.example', 'https://shop.example:*', 'https://*.shop.example:*', 'https://shop.example:0'],
    ...['https://shop.example:65536', 'https://shop.example:', 'https://shop.example:x', 'https://shop.example:80:80'],
    ...[
      'https://shop',
      'https://[::1]',
      'https://[::1',
      'https://*.10.0.0.1',
      'https://*.4',
      'https://shop.example\\x',
    ],
    ...[' https://shop.example', 'https://shop.example ', 'https://shop.example\n', 'https://sh\u0000op.example'],
    ...['https://shop.example, https://other.example', 'https://shop%2eexample', 'https://-.', 'http://localhost.'],
    ...[
      'http://localhost:0',
      'http://localhost:99999',
      `https://${'a'.repeat(64)}.example`,
      `https://${'a.'.repeat(200)}example`,
    ],
    ...[null, undefined, 5, true, [], {}, ['https://shop.example']],
  ];

  it.each(faulty.map((text) => [text]))('%j is refused with a reason, on either kind of key', (text) => {
    expect(originFault(text, LIVE)).toMatch(/^must .+\.$/s);
    expect(originFault(text, SANDBOX)).toMatch(/^must .+\.$/s);
    if (typeof text === 'string') expect(() => canonicalOrigin(text)).toThrow(RangeError);
  });

  it('names the host at Stripe only where it stands for one public host', () => {
    expect(walletDomainOf('https://shop.example')).toBe('shop.example');
    expect(walletDomainOf('https://shop.example:8443')).toBe('shop.example');
    for (const entry of ['https://*.shop.example', 'http://localhost:*', 'http://localhost', 'https://10.0.0.1']) {
      expect(walletDomainOf(entry), entry).toBeNull();
    }
  });
});

describe('an origin against a key', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example:8443', 'https://shop.example:8443'],
    ['https://*.shop.example', 'https://www.shop.example'],
    ['https://*.shop.example', 'https://a.b.c.shop.example'],
    ['https://*.shop.example:8443', 'https://www.shop.example:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://localhost:*', 'http://localhost'],
    ['http://localhost:*', 'http://localhost:5173'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('%s lets %s in', (entry, origin) => {
    expect(allowsOrigin([entry], origin)).toBe(true);
    expect(allowsOrigin(['https://elsewhere.example', entry], origin)).toBe(true);
  });

  it.each([
    ['https://good.com', 'https://good.com.evil.com'],
    ['https://good.com', 'https://evilgood.com'],
    ['https://*.good.com', 'https://evilgood.com'],
    ['https://*.good.com', 'https://good.com'],
    ['https://*.good.com', 'https://x.good.com.evil.com'],
    ['https://*.good.com', 'https://.good.com'],
    ['https://*.good.com', 'https://x..good.com'],
    ['https://good.com', 'https://www.good.com'],
    ['https://good.com', 'http://good.com'],
    ['https://good.com', 'https://good.com:8443'],
    ['https://good.com:8443', 'https://good.com'],
    ['https://good.com', 'https://good.com:443'],
    ['https://good.com', 'https://good.com.'],
    ['https://*.good.com', 'https://x.good.com.'],
    ['https://good.com', 'https://good.com/'],
    ['https://good.com', 'https://user@good.com'],
    ['https://good.com', 'https://GOOD.com'],
    ['https://good.com', 'null'],
    ['https://good.com', ''],
    ['https://good.com', 'https://good.com https://evil.com'],
    ['https://bücher.example', 'https://bücher.example'],
    ['http://localhost:3000', 'http://localhost:3001'],
    ['http://localhost:*', 'https://localhost:3000'],
    ['http://localhost:*', 'http://localhost.evil.com'],
    ['http://localhost:*', 'http://localhost:3000.evil.com'],
    ['http://localhost:*', 'http://127.0.0.1:3000'],
    ['http://localhost:*', 'http://[::1]:3000'],
    ['http://localhost:*', 'http://sub.localhost:3000'],
    ['*', 'https://good.com'],
    ['https://*', 'https://good.com'],
    ['null', 'null'],
    ['file://', 'file://'],
  ])('%s does not let %s in', (entry, origin) => {
    expect(allowsOrigin([entry], origin)).toBe(false);
  });

  it('lets nobody in without an entry', () => {
    expect(allowsOrigin([], 'https://shop.example')).toBe(false);
  });

  it('lets in exactly the host of an entry without a star', () => {
    fc.assert(
      fc.property(domain, domain, (host, other) => {
        expect(allowsOrigin([`https://${host}`], `https://${host}`)).toBe(true);
        expect(allowsOrigin([`https://${host}`], `https://${other}`)).toBe(host === other);
        for (const near of [`a.${host}`, `a${host}`, `${host}.${other}`, `${host}-${other}`, `${host}.`]) {
          expect(allowsOrigin([`https://${host}`], `https://${near}`), near).toBe(false);
        }
      }),
    );
  });

  it('lets in every depth below a star, and nothing beside it', () => {
    fc.assert(
      fc.property(domain, fc.array(label, { minLength: 1, maxLength: 5 }), (host, labels) => {
        const below = `${labels.join('.')}.${host}`;
        expect(allowsOrigin([`https://*.${host}`], `https://${below}`)).toBe(true);
        for (const beside of [host, `${labels.join('')}${host}`, `${below}.evil.com`, `${host}.${labels.join('.')}`]) {
          if (beside.endsWith(`.${host}`)) continue;
          expect(allowsOrigin([`https://*.${host}`], `https://${beside}`), beside).toBe(false);
        }
      }),
    );
  });

  it('compares ports, and only localhost may have any', () => {
    fc.assert(
      fc.property(domain, port, port, (host, one, other) => {
        expect(allowsOrigin([`https://${host}:${one}`], `https://${host}:${other}`)).toBe(one === other);
        expect(allowsOrigin([`https://${host}`], `https://${host}:${one}`)).toBe(false);
        expect(originFault(`https://${host}:*`, SANDBOX)).not.toBeNull();
        const local = one === 80 ? 'http://localhost' : `http://localhost:${one}`;
        expect(allowsOrigin(['http://localhost:*'], local)).toBe(true);
      }),
    );
  });

  it('never throws and never lets text in that is no origin', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (entry, origin) => {
        const allowed = allowsOrigin([entry, 'https://*.shop.example'], origin);
        if (allowed) expect(new URL(origin).origin).toBe(origin);
        expect(['string', 'object']).toContain(typeof originFault(entry, SANDBOX));
      }),
    );
  });
});
