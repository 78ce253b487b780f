import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyDisplay, hashApiKey, newApiKey, parseApiKey } from '../../../src/core/api-keys.ts';
import { SHARD_ALPHABET } from '../../../src/core/ids.ts';

const kinds = ['secret', 'public'] as const;
const modes = ['live', 'sandbox'] as const;
const anyKey = fc
  .record({
    kind: fc.constantFrom(...kinds),
    mode: fc.constantFrom(...modes),
    shard: fc.constantFrom(...SHARD_ALPHABET),
  })
  .map(newApiKey);

const replaceAt = (text: string, index: number, character: string) =>
  text.slice(0, index) + character + text.slice(index + 1);

describe('newApiKey', () => {
  it.each([
    ['secret', 'live', 'sk_live_'],
    ['secret', 'sandbox', 'sk_test_'],
    ['public', 'live', 'pk_live_'],
    ['public', 'sandbox', 'pk_test_'],
  ] as const)('makes a %s %s key that begins with %s and the shard, 39 characters long', (kind, mode, prefix) => {
    const key = newApiKey({ kind, mode, shard: 'q' });
    expect(key.startsWith(`${prefix}q`)).toBe(true);
    expect(key).toMatch(/^[a-z]{2}_[a-z]{4}_[0-9A-Za-z]{31}$/);
    expect(parseApiKey(key)).toEqual({ kind, mode, shard: 'q' });
  });

  it('never makes the same key twice', () => {
    const keys = Array.from({ length: 1000 }, () => newApiKey({ kind: 'secret', mode: 'live', shard: '0' }));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('refuses a shard that does not exist', () => {
    expect(() => newApiKey({ kind: 'secret', mode: 'live', shard: 'A' })).toThrow(RangeError);
    expect(() => newApiKey({ kind: 'secret', mode: 'live', shard: '' })).toThrow(RangeError);
  });
});

describe('parseApiKey', () => {
  it('knows a key of an earlier release', () => {
    expect(parseApiKey('sk_live_0ExampleKeyNotInUse0000004gFPBZ')).toEqual({
      kind: 'secret',
      mode: 'live',
      shard: '0',
    });
  });

  it('refuses a key with any one character changed, case included', () => {
    const anyCharacter = fc.oneof(
      fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_'),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    );
    fc.assert(
      fc.property(anyKey, fc.nat({ max: 38 }), anyCharacter, (key, index, character) => {
        fc.pre(key.charAt(index) !== character);
        expect(parseApiKey(replaceAt(key, index, character))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a key in which the case of any one letter is turned', () => {
    const key = newApiKey({ kind: 'secret', mode: 'live', shard: 'a' });
    let turned = 0;
    for (const [index, character] of [...key].entries()) {
      const other = character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase();
      if (other === character) continue;
      turned += 1;
      expect(parseApiKey(replaceAt(key, index, other)), `character ${index}`).toBeNull();
    }
    expect(turned).toBeGreaterThan(6);
  });

  it('refuses a key with two neighbouring characters swapped', () => {
    fc.assert(
      fc.property(anyKey, fc.nat({ max: 37 }), (key, index) => {
        const [left, right] = [key.charAt(index), key.charAt(index + 1)];
        fc.pre(left !== right);
        expect(parseApiKey(replaceAt(replaceAt(key, index, right), index + 1, left))).toBeNull();
      }),
    );
  });

  it('refuses cut, extended, joined and wrapped keys', () => {
    const key = newApiKey({ kind: 'secret', mode: 'live', shard: '0' });
    const other = newApiKey({ kind: 'secret', mode: 'live', shard: '0' });
    const spoilt = [key.slice(0, -1), key.slice(1), `${key}0`, `${key},${other}`, `${key}, ${other}`, key + other];
    for (const text of [...spoilt, ` ${key}`, `${key} `, `${key}\n`, `"${key}"`, '', 'sk_live_', 'x'.repeat(100_000)]) {
      expect(parseApiKey(text), text.slice(0, 90)).toBeNull();
    }
    expect(parseApiKey(key)).not.toBeNull();
  });

  it.each([
    ['shorter', 'sk_live_0ExampleKeyNotInUse000002xyVBP'],
    ['longer', 'sk_live_0ExampleKeyNotInUse00000000CgCNd'],
    ['of another mode', 'sk_prod_0ExampleKeyNotInUse0000003Gak0T'],
  ])('refuses a key that is %s, even with a right checksum', (_, text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('refuses made-up keys of the right form', () => {
    const body = fc.string({ unit: fc.constantFrom(...'0123456789ABCXYZabcxyz'), minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(body, (text) => {
        expect(parseApiKey(`sk_live_0${text}`)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is kept of a key', () => {
  const key = newApiKey({ kind: 'public', mode: 'sandbox', shard: '0' });

  it('shows the prefix and the last four characters', () => {
    expect(apiKeyDisplay(key)).toEqual({ prefix: 'pk_test_', last4: key.slice(35) });
    expect(apiKeyDisplay(key).last4).toHaveLength(4);
  });

  it('stores the SHA-256 of the whole key in hex', async () => {
    expect(await hashApiKey(key)).toBe(createHash('sha256').update(key).digest('hex'));
  });
});
