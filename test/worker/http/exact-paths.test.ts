import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
import { call, newWorkspace } from '../support/workspace.ts';

const ORIGIN = SIMULATED.variables.PUBLIC_URL;

describe('An address with a slash at its end', () => {
  it.each([
    '/health/',
    '/health/drift/',
    '/operators/workspaces/',
    '/.well-known/softsolz-keys.json/',
    '/api/v1/',
    '/api/v1/embed/payments/status/',
    '/embed/payments/frame/',
    '/',
  ])('is unknown: %s', async (path) => {
    const response = await exports.default.fetch(`${ORIGIN}${path}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });

  it('is unknown to the server API, whatever the key', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    for (const path of ['/payment-links', `/payment-links/${link.token}`, `/payment-links/${link.token}/snippet`]) {
      expect((await call(shop.key, 'GET', path)).status).toBe(200);
      expect((await call(shop.key, 'GET', `${path}/`)).status).toBe(404);
      expect((await call(shop.key, 'GET', `${path}//`)).status).toBe(404);
      expect((await call(shop.key, 'DELETE', `${path}/`)).status).toBe(404);
    }
    expect((await call(shop.key, 'GET', '/payment-links/', undefined, { Origin: 'https://a.example' })).status).toBe(
      403,
    );
  });

  it("is unknown to Stripe's events", async () => {
    const response = await exports.default.fetch(`${ORIGIN}/api/stripe/events/test/`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
  });

  it('is a page below /pay', async () => {
    const link = await (await newWorkspace({ webhook: false })).link();
    const response = await exports.default.fetch(`${ORIGIN}/pay/link/${link.token}/`);
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(response.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });
});
