import { decode } from 'fast-png';
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { publishedKeys } from '../../support/payment-results.ts';
import { expectError } from '../support/api.ts';
import { countedBindings, ORIGIN, payPath, visit } from '../support/pay-page.ts';
import { everything } from '../support/payments.ts';
import { newWorkspace } from '../support/workspace.ts';

const KINDS = [
  ['qr.svg', 'image/svg+xml'],
  ['qr.png', 'image/png'],
] as const;

describe('the QR code of a link', () => {
  it.each(KINDS)('%s is a picture that may be kept for a day, at the cost of one round trip', async (file, type) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const before = await everything();
    for (const method of ['GET', 'HEAD']) {
      const bindings = countedBindings();
      const response = await visit(`${payPath(link.token)}/${file}`, { method, bindings });
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, type]);
      expect(response.headers.get('Cache-Control')).toBe('public, max-age=86400');
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([1, []]);
    }
    expect(await everything()).toEqual(before);
  });

  it('leads to the pay page, in the size, margin and strength asked for', async () => {
    const link = await (await newWorkspace()).link();
    for (const [query, size] of [
      ['', 512],
      ['?size=300&margin=2&ec=H', 300],
      ['?size=1024&ec=L', 1024],
    ] as const) {
      const response = await visit(`${payPath(link.token)}/qr.png`, { query });
      const { width, height, data, channels, depth } = decode(new Uint8Array(await response.arrayBuffer()));
      expect([width, height]).toEqual([size, size]);
      const read = jsQR(toRgba(data, width * height, channels, depth), width, height);
      expect(read?.data).toBe(`${ORIGIN}${payPath(link.token)}`);
    }
    const svg = await (await visit(`${payPath(link.token)}/qr.svg`, { query: '?size=300' })).text();
    expect(svg).toMatch(/^<svg [^>]*width="300"/);
    expect(svg).not.toMatch(/<script|href|style=/);
  });

  it('is refused in words where its margin leaves no room for it', async () => {
    const link = await (await newWorkspace()).link();
    const response = await visit(`${payPath(link.token)}/qr.png`, { query: '?size=64&margin=16' });
    const fault = await expectError(response, 400, 'validation_failed');
    expect(fault.message).toContain('size must be at least');
  });

  it('is there while the link takes no payments: a poster outlives a pause', async () => {
    const link = await (await newWorkspace()).link({ active: false });
    for (const [file] of KINDS) expect((await visit(`${payPath(link.token)}/${file}`)).status).toBe(200);
  });

  it.each(KINDS)('%s refuses what it cannot draw, and names it, without a look into the database', async (file) => {
    const link = await (await newWorkspace()).link();
    const cases = [
      ...['size=63', 'size=2049', 'size=1e3', 'size=', 'size=-512', 'size=512px', 'size=99999999999'].map(
        (query) => [query, /size/] as const,
      ),
      ...['margin=17', 'margin=-1', 'margin=x'].map((query) => [query, /margin/] as const),
      ...['ec=X', 'ec=m', 'ec='].map((query) => [query, /ec/] as const),
    ];
    for (const [query, named] of cases) {
      const bindings = countedBindings();
      const response = await visit(`${payPath(link.token)}/${file}`, { query: `?${query}`, bindings });
      const { message } = await expectError(response, 400, 'validation_failed');
      expect(message).toMatch(named);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(bindings.counts.roundTrips).toBe(0);
    }
  });

  it.each(KINDS)('%s of no link is a 404 that is not kept', async (file) => {
    for (const token of [newPaymentLinkToken('0'), 'unknown', '%00', '..%2f', 'x'.repeat(10_000)]) {
      const response = await visit(`${payPath(token)}/${file}`);
      await expectError(response, 404, 'not_found');
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it.each(KINDS)('%s takes no other method', async (file) => {
    const link = await (await newWorkspace()).link();
    const response = await visit(`${payPath(link.token)}/${file}`, { method: 'POST' });
    await expectError(response, 405, 'method_not_allowed');
    expect(response.headers.get('Allow')).toBe('GET');
  });
});

describe('/.well-known/softsolz-keys.json', () => {
  it('publishes the public keys and nothing else, for anybody to read and keep for an hour', async () => {
    const bindings = countedBindings();
    const response = await visit('/.well-known/softsolz-keys.json', {
      headers: { Origin: 'https://shop.example' },
      bindings,
    });
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=3600');
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(publishedKeys.parse(await response.json()).keys).toHaveLength(1);
    expect(bindings.counts.roundTrips).toBe(0);
  });

  it('is the same each time, and takes no other method', async () => {
    const read = async () => await (await visit('/.well-known/softsolz-keys.json')).text();
    expect(await read()).toBe(await read());
    const refused = await visit('/.well-known/softsolz-keys.json', { method: 'POST' });
    expect([refused.status, refused.headers.get('Allow')]).toEqual([405, 'GET']);
  });
});

/** One byte for each of red, green, blue and alpha, as the decoder wants them; whatever the picture's own format is. */
function toRgba(data: ArrayLike<number>, pixels: number, channels: number, depth: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  const stride = (Math.sqrt(pixels) * depth) / 8;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const grey = depth === 8 ? data[pixel * channels] : bit(data, pixel, Math.sqrt(pixels), Math.ceil(stride), depth);
    rgba.fill(grey ?? 0, pixel * 4, pixel * 4 + 3);
  }
  return rgba;
}

function bit(data: ArrayLike<number>, pixel: number, width: number, stride: number, depth: number): number {
  if (depth !== 1) throw new Error(`A depth of ${depth} is not expected`);
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const byte = data[row * stride + (column >> 3)] ?? 0;
  return ((byte >> (7 - (column & 7))) & 1) * 255;
}
