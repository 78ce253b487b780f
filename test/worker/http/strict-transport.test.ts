import { describe, expect, it } from 'vitest';
import { fetchWith } from '../support/direct.ts';
import { ORIGIN } from '../support/pay-page.ts';

describe('Strict-Transport-Security', () => {
  const PUBLIC = { PUBLIC_URL: 'https://pay.example.com', ALLOW_LOCAL_WEBHOOKS: '' };
  const paths = ['/health', '/api/v1/services/payments/payments', '/pay/link/lnk_0none', '/embed/payments/frame', '/x'];

  it('is on every answer by https, of pages, API and errors, for this host alone', async () => {
    for (const path of paths) {
      const { headers } = await fetchWith(PUBLIC, new Request(`https://pay.example.com${path}`));
      expect(headers.get('Strict-Transport-Security'), path).toBe('max-age=31536000');
    }
    const broken = await fetchWith({ PUBLIC_URL: undefined }, new Request('https://pay.example.com/health'));
    expect([broken.status, broken.headers.get('Strict-Transport-Security')]).toEqual([503, 'max-age=31536000']);
  });

  it('is on no answer by http, as of a local copy', async () => {
    for (const path of paths) {
      const { headers } = await fetchWith({}, new Request(`${ORIGIN}${path}`));
      expect(headers.has('Strict-Transport-Security'), path).toBe(false);
    }
  });
});
