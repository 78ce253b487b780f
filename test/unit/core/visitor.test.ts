import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitorOf } from '../../../src/core/visitor.ts';

describe('visitorOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
  ])('counts the IPv4 address %s as itself', (address, visitor) => {
    expect(visitorOf(address)).toBe(visitor);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['2001:db8::2:3:4:5:6', '2001:db8:0:2::/64'],
    ['1::', '1:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
  ])('counts the IPv6 address %s as its /64', (address, visitor) => {
    expect(visitorOf(address)).toBe(visitor);
  });

  it.each([
    null,
    '',
    ' ',
    'unknown',
    'localhost',
    '203.0.113',
    '203.0.113.7, 198.51.100.1',
    '203.0.113.7:8080',
    '[2001:db8::1]',
    'fe80::1%eth0',
    '2001:db8::1/64',
    '1:2:3',
    'x'.repeat(10_000),
    ']@evil.example/[',
  ])('counts %j as unknown', (text) => {
    expect(visitorOf(text)).toBe('unknown');
  });

  const group = fc.integer({ min: 0, max: 0xffff });
  const half = fc.tuple(group, group, group, group);
  const written = (groups: readonly number[]) => groups.map((value) => value.toString(16)).join(':');

  it('is the same for all addresses of a /64 and differs between two of them', () => {
    fc.assert(
      fc.property(half, half, half, half, (network, other, host, otherHost) => {
        const visitor = visitorOf(`${written(network)}:${written(host)}`);
        expect(visitor).toBe(`${written(network)}::/64`);
        expect(visitorOf(`${written(network)}:${written(otherHost)}`)).toBe(visitor);
        expect(visitorOf(`${written(other)}:${written(host)}`) === visitor).toBe(written(other) === written(network));
      }),
    );
  });

  it('takes any text without throwing, and gives a short name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visitorOf(text).length).toBeLessThan(40);
      }),
    );
  });
});
