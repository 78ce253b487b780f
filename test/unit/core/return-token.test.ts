import { describe, expect, it } from 'vitest';
import { embedTokens } from '../../../src/core/embed-token.ts';
import { returnTokens } from '../../../src/core/return-token.ts';

const OLD = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const NEW = 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const RETURNING = { workspaceId: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10', shard: '1' };
const NOW = 1_700_000_000_000;
const HOUR = 60 * 60_000;

describe('the token of the page after the onboarding', () => {
  it('names the workspace and its shard, for twelve hours', async () => {
    const tokens = await returnTokens({ secretsKey: OLD });
    const token = await tokens.issue(RETURNING, NOW);
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(await tokens.read(token, NOW + 12 * HOUR - 1)).toEqual(RETURNING);
    expect(await tokens.read(token, NOW + 12 * HOUR)).toBeNull();
  });

  it('is none when it was changed, made up, or made by another secret or for another purpose', async () => {
    const tokens = await returnTokens({ secretsKey: OLD });
    const token = await tokens.issue(RETURNING, NOW);
    const [payload = '', mac = ''] = token.split('.');
    const other = btoa(JSON.stringify(['another workspace', '1', NOW + HOUR])).replaceAll('=', '');
    const embed = await embedTokens({ secretsKey: OLD });
    const foreign = await embed.issue('page', { keyId: 'key_0', origin: 'https://a.example', link: 'lnk_0' }, NOW);
    const forged = ['', '.', payload, `${other}.${mac}`, `${payload}.${mac}x`, `${token}.${mac}`, 'x'.repeat(5000)];
    for (const one of [...forged, foreign]) expect(await tokens.read(one, NOW), one).toBeNull();
    expect(await (await returnTokens({ secretsKey: NEW })).read(token, NOW)).toBeNull();
  });

  it('is read by a rotated secret too', async () => {
    const token = await (await returnTokens({ secretsKey: OLD })).issue(RETURNING, NOW);
    expect(await (await returnTokens({ secretsKey: `v2:${NEW},v1:${OLD}` })).read(token, NOW)).toEqual(RETURNING);
  });
});
