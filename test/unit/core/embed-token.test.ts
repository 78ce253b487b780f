import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbedTokenUse, embedTokenExpiry, embedTokens } from '../../../src/core/embed-token.ts';

const OLD = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const NEW = 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const GRANT = { keyId: 'key_0abc', origin: 'https://shop.example', link: 'lnk_08f3c2a1b9d4e5f607182' };
const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

describe('a token for the merchant page', () => {
  it('gives back what was granted, for five minutes', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const token = await tokens.issue('page', GRANT, NOW);
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(embedTokenExpiry(NOW)).toBe(NOW + 5 * MINUTE);
    for (const use of ['open_frame', 'open_session'] as const) {
      expect(await tokens.read(token, use, NOW)).toEqual(GRANT);
      expect(await tokens.read(token, use, NOW + 5 * MINUTE - 1)).toEqual(GRANT);
      expect(await tokens.read(token, use, NOW + 5 * MINUTE)).toBeNull();
    }
  });

  it('can read the status of a payment for an hour', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const token = await tokens.issue('page', GRANT, NOW);
    expect(await tokens.read(token, 'read_status', NOW + 60 * MINUTE - 1)).toEqual(GRANT);
    expect(await tokens.read(token, 'read_status', NOW + 60 * MINUTE)).toBeNull();
  });
});

describe("the frame's own token", () => {
  it('opens no frame, outlasts a buyer who thinks, and the session that comes of it', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const token = await tokens.issue('frame', GRANT, NOW);
    expect(await tokens.read(token, 'open_frame', NOW)).toBeNull();
    expect(await tokens.read(token, 'open_session', NOW + 25 * MINUTE - 1)).toEqual(GRANT);
    expect(await tokens.read(token, 'open_session', NOW + 25 * MINUTE)).toBeNull();
    expect(await tokens.read(token, 'read_status', NOW + 60 * MINUTE - 1)).toEqual(GRANT);
  });
});

describe('a token', () => {
  const uses: readonly EmbedTokenUse[] = ['open_frame', 'open_session', 'read_status'];

  it('from the future is none', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    expect(await tokens.read(await tokens.issue('page', GRANT, NOW), 'open_frame', NOW - 1)).toBeNull();
  });

  it('of another secret is none; a rotated secret still reads the old one and signs with the new one', async () => {
    const [old, fresh, rotated] = await Promise.all(
      [OLD, NEW, `v2:${NEW},v1:${OLD}`].map((secretsKey) => embedTokens({ secretsKey })),
    );
    const before = await old?.issue('page', GRANT, NOW);
    const after = await rotated?.issue('page', GRANT, NOW);
    expect(await fresh?.read(before ?? '', 'open_frame', NOW)).toBeNull();
    expect(await rotated?.read(before ?? '', 'open_frame', NOW)).toEqual(GRANT);
    expect(await fresh?.read(after ?? '', 'open_frame', NOW)).toEqual(GRANT);
    expect(await old?.read(after ?? '', 'open_frame', NOW)).toBeNull();
  });

  it('with any character changed, cut off or added is none', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const token = await tokens.issue('page', GRANT, NOW);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const altered = [
        `${token.slice(0, index)}${other}${token.slice(index + 1)}`,
        token.slice(0, index),
        `${token.slice(0, index)}${other}${token.slice(index)}`,
      ];
      for (const text of altered) expect([text, await tokens.read(text, 'open_frame', NOW)]).toEqual([text, null]);
    }
    for (const text of [`${token}.x`, `${token}=`, ` ${token}`, `${token}\n`, token.replace('.', '..')]) {
      expect(await tokens.read(text, 'open_frame', NOW)).toBeNull();
    }
  });

  it('cannot be made of parts of two', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const one = (await tokens.issue('page', GRANT, NOW)).split('.');
    const other = (await tokens.issue('page', { ...GRANT, origin: 'https://evil.example' }, NOW)).split('.');
    expect(await tokens.read(`${other[0]}.${one[1]}`, 'open_frame', NOW)).toBeNull();
  });

  it('is read from any text without throwing', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const hostile = fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{0,60}\.[\w-]{43}$/), fc.constant('.'.repeat(5000)));
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(...uses), async (text, use) => {
        expect(await tokens.read(text, use, NOW)).toBeNull();
      }),
    );
  });

  it('carries any origin and link that it was given', async () => {
    const tokens = await embedTokens({ secretsKey: OLD });
    const grant = { keyId: 'key_0é"', origin: `https://${'a'.repeat(250)}.example:65535`, link: 'lnk_0' };
    expect(await tokens.read(await tokens.issue('page', grant, NOW), 'open_frame', NOW)).toEqual(grant);
  });
});
