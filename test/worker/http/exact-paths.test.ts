import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { en } from '../../../src/http/buyer/locales/en.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { expectError } from '../support/api.ts';
import { fetchWith } from '../support/direct.ts';
import { call, newWorkspace } from '../support/workspace.ts';

const ORIGIN = SIMULATED.variables.PUBLIC_URL;

describe('An unknown address', () => {
  it.each(['/embed', '/embed/', '/embed/payments', '/embed/payments/frame/', '/embed/payments/frames', '/embed/x.js'])(
    'below /embed is a page that no site may frame: %s',
    async (path) => {
      const response = await exports.default.fetch(`${ORIGIN}${path}?lang=de`);
      expect(response.status).toBe(404);
      expect(response.headers.get('Content-Type')).toContain('text/html');
      expect(response.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(await response.text()).toContain(german.closed.not_found.title);
    },
  );

  it('of the frame is a page for a method that it does not take', async () => {
    const response = await exports.default.fetch(`${ORIGIN}/embed/payments/frame`, { method: 'POST' });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET']);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(await response.text()).toContain(en.closed.wrong_method.title);
  });

  it('is repeated in the answer only as far as it can be read', async () => {
    const path = `/api/${'ü'.repeat(7000)}`;
    const response = await exports.default.fetch(`${ORIGIN}${path}`, { method: 'DELETE' });
    const { message } = await expectError(response, 404, 'not_found');
    expect(message).toMatch(/^Nothing is here: DELETE \/api\//);
    expect(message.length).toBeLessThan(150);
  });
});

describe('The address of the Worker itself', () => {
  const ask = async (init: RequestInit = {}) => await exports.default.fetch(`${ORIGIN}/`, init);

  it.each([undefined, '*/*', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'])(
    'is a page that says what this is and where to go: Accept %s',
    async (accept) => {
      const response = await ask({ headers: accept === undefined ? {} : { Accept: accept } });
      const html = await response.text();
      expect([response.status, response.headers.get('Vary')]).toEqual([200, 'Accept']);
      expect(html).toContain('<h1>SoftSolz Payments</h1>');
      const links = [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)/g)].map(([, href, text]) => [href, text]);
      expect(links).toEqual([['/openapi.json', 'OpenAPI document (JSON)']]);
      expect(html).toContain('<meta name="robots" content="noindex"/>');
      expect(html).not.toContain('<script');
      const policy = response.headers.get('Content-Security-Policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    },
  );

  it('leads people to the documentation, if its address is configured', async () => {
    const DOCS_URL = 'https://docs.example/payments?a=1&b="2"';
    const response = await fetchWith({ DOCS_URL }, new Request(`${ORIGIN}/`));
    expect(await response.text()).toMatch(
      /<a class="pay quiet" href="https:\/\/docs\.example\/payments\?a=1&amp;b=[^"]*">Documentation<\/a>.*OpenAPI/s,
    );
  });

  it('is in English for everybody, and reads no texts of another language', async () => {
    const read: string[] = [];
    const recording = async (url: string) => {
      read.push(new URL(url).pathname);
      return await env.ASSETS.fetch(url);
    };
    const ASSETS = { ...env.ASSETS, fetch: recording };
    const request = new Request(`${ORIGIN}/?lang=fr`, { headers: { 'Accept-Language': 'de' } });
    expect(await (await fetchWith({ ASSETS }, request)).text()).toContain('<html lang="en" dir="ltr">');
    expect(read).toContain('/pay/style.css');
    expect(read.filter((path) => path.startsWith('/pay/strings/'))).toEqual([]);
  });

  it.each([
    'application/json',
    'application/json, text/plain, */*',
    'application/json, text/html;q=0.5',
    'text/html;q=0.5, application/json',
  ])('has nothing for programs: Accept %s', async (accept) => {
    await expectError(await ask({ headers: { Accept: accept } }), 404, 'not_found');
  });

  it('takes no other method', async () => {
    const response = await ask({ method: 'POST' });
    await expectError(response, 405, 'method_not_allowed');
    expect(response.headers.get('Allow')).toBe('GET');
    expect((await ask({ method: 'HEAD' })).status).toBe(200);
  });
});

describe('An address with a slash at its end', () => {
  it.each([
    '/health/',
    '/health/drift/',
    '/operators/workspaces/',
    '/.well-known/softsolz-keys.json/',
    '/api/v1/',
    '/api/v1/embed/payments/status/',
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

  it('is an unknown page below /pay, unless it leads to a payment link', async () => {
    const response = await exports.default.fetch(`${ORIGIN}/pay/other/`);
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(response.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });
});
