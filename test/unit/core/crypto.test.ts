import { createHash, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decryptSecret,
  encryptSecret,
  equalInConstantTime,
  fromBase64,
  hmacSha256,
  parseSecretsKey,
  secretsKeyFault,
  sha256Hex,
  toBase64,
  toHex,
} from '../../../src/core/crypto.ts';

const newKey = () => randomBytes(32).toString('base64');
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('digests', () => {
  it('agree with Node for any text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.uint8Array({ minLength: 1, maxLength: 100 }), async (text, key) => {
        expect(await sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
        expect(toHex(await hmacSha256(key, text))).toBe(createHmac('sha256', key).update(text).digest('hex'));
      }),
    );
  });
});

describe('a comparison in constant time', () => {
  it('finds equal what is equal, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (left, right) => {
        expect(await equalInConstantTime(left, right)).toBe(left === right);
        expect(await equalInConstantTime(left, left)).toBe(true);
        expect(await equalInConstantTime(left, `${left}x`)).toBe(false);
      }),
    );
  });
});

describe('base64', () => {
  it('agrees with Node both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AA', 'AB==', 'AA =', 'AA==\n', 'A===', '====', 'AA-_', 'ÄÄÄÄ'])('refuses %j', (text) => {
    expect(() => fromBase64(text)).toThrow('base64');
  });
});

describe('SECRETS_KEY', () => {
  const key = newKey();

  it('is one key, which is version 1', async () => {
    expect(secretsKeyFault(key)).toBeNull();
    const keyring = await parseSecretsKey(key);
    expect(keyring.current.version).toBe('v1');
    expect([...keyring.byVersion.keys()]).toEqual(['v1']);
  });

  it('is a list whose first entry encrypts', async () => {
    const text = `v12:${newKey()}, v2:${newKey()},v1:${key}`;
    expect(secretsKeyFault(text)).toBeNull();
    const keyring = await parseSecretsKey(text);
    expect(keyring.current.version).toBe('v12');
    expect([...keyring.byVersion.keys()]).toEqual(['v12', 'v2', 'v1']);
  });

  it.each([
    ['empty', '', 'entry 1'],
    ['16 bytes', randomBytes(16).toString('base64'), '32 bytes'],
    ['33 bytes', randomBytes(33).toString('base64'), '32 bytes'],
    ['hex', randomBytes(32).toString('hex'), '32 bytes'],
    ['a list with an entry without version', `v2:${key},${key}`, 'entry 2'],
    ['a list with an empty entry', `v1:${key},`, 'entry 2'],
    ['a version twice', `v1:${key},v1:${newKey()}`, 'v1 twice'],
    ['version 0', `v0:${key}`, '32 bytes'],
    ['a version without a key', 'v1:', '32 bytes'],
  ])('is not %s', async (_, text, words) => {
    expect(secretsKeyFault(text)).toContain(words);
    await expect(parseSecretsKey(text)).rejects.toThrow(words);
  });

  it('is never repeated in the message about it', () => {
    const almost = key.slice(0, -2);
    expect(secretsKeyFault(almost)).toContain('SECRETS_KEY must');
    expect(secretsKeyFault(almost)).not.toContain(almost);
  });
});

describe('sealed secrets', () => {
  const anyList = fc.array(fc.string({ maxLength: 12 }), { maxLength: 3 });

  it('open again with the same associated data', async () => {
    const keyring = await parseSecretsKey(newKey());
    await fc.assert(
      fc.asyncProperty(anyText, anyList, async (plaintext, associatedData) => {
        const sealed = await encryptSecret(keyring, plaintext, associatedData);
        expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22,}$/);
        expect(await decryptSecret(keyring, sealed, associatedData)).toBe(plaintext.toWellFormed());
      }),
    );
  });

  it('keep a byte order mark at the beginning', async () => {
    const keyring = await parseSecretsKey(newKey());
    expect(await decryptSecret(keyring, await encryptSecret(keyring, '\ufeffx', []), [])).toBe('\ufeffx');
  });

  it('do not open with other associated data', async () => {
    const keyring = await parseSecretsKey(newKey());
    await fc.assert(
      fc.asyncProperty(anyList, anyList, async (associatedData, other) => {
        fc.pre(JSON.stringify(associatedData) !== JSON.stringify(other));
        const sealed = await encryptSecret(keyring, 'whsec_x', associatedData);
        await expect(decryptSecret(keyring, sealed, other)).rejects.toThrow('does not open');
      }),
    );
  });

  it('do not open when the same characters are split differently over the associated data', async () => {
    const keyring = await parseSecretsKey(newKey());
    const sealed = await encryptSecret(keyring, 'whsec_x', ['workspace', 'endpoint']);
    await expect(decryptSecret(keyring, sealed, ['workspacee', 'ndpoint'])).rejects.toThrow('does not open');
    await expect(decryptSecret(keyring, sealed, ['workspace,endpoint'])).rejects.toThrow('does not open');
    await expect(decryptSecret(keyring, sealed, ['endpoint', 'workspace'])).rejects.toThrow('does not open');
  });

  it('do not open with any one character changed', async () => {
    const keyring = await parseSecretsKey(newKey());
    const sealed = await encryptSecret(keyring, 'whsec_abcd', ['w', 'e']);
    for (const index of sealed.split('').keys()) {
      for (const character of ['A', 'B', '_', '.', '=', ' ']) {
        if (sealed[index] === character) continue;
        const altered = sealed.slice(0, index) + character + sealed.slice(index + 1);
        await expect(decryptSecret(keyring, altered, ['w', 'e']), altered).rejects.toThrow('A stored secret');
      }
    }
  });

  it('do not open with anything appended', async () => {
    const keyring = await parseSecretsKey(newKey());
    const sealed = await encryptSecret(keyring, 'whsec_abcd', []);
    for (const more of ['.', '.AAAA', 'A', '=', '\n']) {
      await expect(decryptSecret(keyring, sealed + more, [])).rejects.toThrow('does not open');
    }
    expect(await decryptSecret(keyring, sealed, [])).toBe('whsec_abcd');
  });

  it.each(['', 'v1', 'v1.', 'v1..', '..', 'v1.AAAA.AAAA', 'plain text', '__proto__.a.b'])(
    'are not %j',
    async (text) => {
      const keyring = await parseSecretsKey(newKey());
      await expect(decryptSecret(keyring, text, [])).rejects.toThrow('A stored secret');
    },
  );

  it('differ each time, so that storage does not show which secrets are equal', async () => {
    const keyring = await parseSecretsKey(newKey());
    const sealed = await Promise.all(Array.from({ length: 50 }, () => encryptSecret(keyring, 'same', ['a'])));
    expect(new Set(sealed).size).toBe(50);
  });

  it('stay open after a new key is put in front, and are sealed with the new one from then on', async () => {
    const [first, second] = [newKey(), newKey()];
    const before = await parseSecretsKey(first);
    const after = await parseSecretsKey(`v2:${second},v1:${first}`);
    const old = await encryptSecret(before, 'whsec_old', ['e']);
    expect(await decryptSecret(after, old, ['e'])).toBe('whsec_old');
    const fresh = await encryptSecret(after, 'whsec_new', ['e']);
    expect(fresh.startsWith('v2.')).toBe(true);
    await expect(decryptSecret(before, fresh, ['e'])).rejects.toThrow('"v2"');
  });

  it('do not open under another version that has the same key', async () => {
    const key = newKey();
    const keyring = await parseSecretsKey(`v2:${key},v1:${key}`);
    const sealed = await encryptSecret(keyring, 'x', []);
    await expect(decryptSecret(keyring, sealed.replace('v2.', 'v1.'), [])).rejects.toThrow('does not open');
  });
});
