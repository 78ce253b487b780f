import { describe, expect, it } from 'vitest';
import { jpeg, png, webp } from '../../support/pictures.ts';
import { fetchWith } from '../support/direct.ts';
import { countedBindings, ORIGIN, visit } from '../support/pay-page.ts';
import {
  expectProfile,
  expectUnchanged,
  patchProfile,
  putLogo,
  readProfile,
  storedProfile,
} from '../support/profiles.ts';
import { notingD1 } from '../support/rows-read.ts';
import { BASE, call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const LIMIT = 128 * 1024;
const SMALL = { width: 64, height: 32 };
let pictures = 0;
/** A size that no other test uses: an address names a picture, whoever sent it. */
const ofOwnSize = () => ({ width: 100, height: 100 + pictures++ });
const utf8 = new TextEncoder();

/** The picture at an address, as a browser of a page loads it. */
async function load(url: string | null, method = 'GET'): Promise<Response> {
  expect(url).toMatch(new RegExp(`^${ORIGIN}/logo/[01][0-9a-f]{64}$`));
  return await visit(new URL(url ?? '').pathname, { method });
}

async function setLogo(shop: TestWorkspace, picture: Uint8Array): Promise<string | null> {
  return (await expectProfile(await putLogo(shop, picture))).logo_url;
}

/** Sends a body as a stream, for which no Content-Length is announced unless a header says one. */
async function streamLogo(shop: TestWorkspace, bytes: Uint8Array, headers: Record<string, string> = {}) {
  let offset = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(offset, offset + 10_000));
      offset += 10_000;
    },
  });
  const sent = { Authorization: `Bearer ${shop.key}`, ...headers };
  return await fetchWith({}, new Request(`${BASE}/profile/logo`, { method: 'PUT', headers: sent, body }));
}

describe('a logo', () => {
  it.each([
    ['image/png', png(SMALL)],
    ['image/jpeg', jpeg(SMALL)],
    ['image/webp', webp(SMALL)],
  ])('of the type %s is served byte by byte, for ever, as nothing but a picture', async (type, picture) => {
    const shop = await newWorkspace({ webhook: false });
    const response = await putLogo(shop, picture, { 'Content-Type': 'text/html' });
    const profile = await expectProfile(response);
    expect(await readProfile(shop)).toEqual(profile);
    expect(profile.logo_url).not.toContain(shop.workspace.id);
    const served = await load(profile.logo_url);
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(picture);
    expect(served.status).toBe(200);
    const { headers } = served;
    expect(Object.fromEntries([...headers].filter(([name]) => !/^(softsolz-|content-length)/.test(name)))).toEqual({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-disposition': 'inline',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    const head = await load(profile.logo_url, 'HEAD');
    expect([head.status, head.headers.get('Content-Type'), await head.text()]).toEqual([200, type, '']);
    const [row] = (await storedProfile(shop)).profiles;
    expect(row).toMatchObject({ logo_type: type, logo_width: 64, logo_height: 32 });
  });

  it('takes the place of the one before, whose address is then unknown', async () => {
    const size = ofOwnSize();
    const shop = await newWorkspace({ webhook: false });
    await patchProfile(shop, { website: 'https://harbour.example' });
    const first = await setLogo(shop, png(size));
    const second = await setLogo(shop, jpeg(size));
    expect(second).not.toBe(first);
    expect((await load(first)).status).toBe(404);
    expect((await load(second)).status).toBe(200);
    expect((await readProfile(shop)).website).toBe('https://harbour.example');
    const before = await storedProfile(shop);
    expect(before.logos).toHaveLength(1);
    expect(before.actions).toEqual(['profile.update', 'profile.set_logo', 'profile.set_logo']);
    expect(await setLogo(shop, jpeg(size))).toBe(second);
    expect(await storedProfile(shop)).toEqual(before);
  });

  it('is removed once, and again without any effect', async () => {
    const shop = await newWorkspace({ webhook: false });
    const remove = async () => await expectProfile(await call(shop.key, 'DELETE', '/profile/logo'));
    expect(await remove()).toMatchObject({ logo_url: null, updated_at: null });
    const url = await setLogo(shop, png(ofOwnSize()));
    await patchProfile(shop, { display_name: 'Harbour' });
    expect(await remove()).toMatchObject({ logo_url: null, display_name: 'Harbour' });
    expect((await load(url)).status).toBe(404);
    const before = await storedProfile(shop);
    expect(before).toMatchObject({ logos: [], profiles: [{ logo_type: null, logo_width: null, logo_height: null }] });
    await remove();
    expect(await storedProfile(shop)).toEqual(before);
    expect(before.actions).toEqual(['profile.set_logo', 'profile.update', 'profile.remove_logo']);
  });

  it('is of one workspace and one mode, also where two send the same picture', async () => {
    const size = ofOwnSize();
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ pairOf: live });
    const other = await newWorkspace({ shard: live.shard });
    const url = await setLogo(live, png(size));
    expect([(await readProfile(sandbox)).logo_url, (await readProfile(other)).logo_url]).toEqual([null, null]);
    expect(await setLogo(sandbox, png(size))).toBe(url);
    await call(live.key, 'DELETE', '/profile/logo');
    expect((await readProfile(sandbox)).logo_url).toBe(url);
    expect((await load(url)).status).toBe(200);
    await call(sandbox.key, 'DELETE', '/profile/logo');
    expect((await load(url)).status).toBe(404);
  });

  it('adds nothing to what a pay page reads: one round trip, four rows', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    await setLogo(shop, png({ width: 1600, height: 1560, deep: true }));
    const bindings = countedBindings();
    const noting = notingD1(bindings);
    const page = await visit(`/pay/link/${link.token}`, { bindings: { ...bindings, ...noting.bindings } });
    expect([page.status, bindings.counts.roundTrips]).toEqual([200, 1]);
    expect(await noting.rowsRead()).toBeLessThanOrEqual(4);
  });
});

describe('the size of a logo', () => {
  it('may be 128 KB to the byte, announced or streamed', async () => {
    const shop = await newWorkspace({ webhook: false });
    expect(await setLogo(shop, png({ ...SMALL, bytes: LIMIT }))).not.toBeNull();
    const streamed = await streamLogo(shop, webp({ ...SMALL, bytes: LIMIT }));
    expect((await expectProfile(streamed)).logo_url).not.toBeNull();
  });

  it('can be nearly as much in pixels, which come back whole', async () => {
    const large = png({ width: 1600, height: 1560, deep: true });
    expect(large.length).toBeGreaterThan(120 * 1024);
    const served = await load(await setLogo(await newWorkspace({ webhook: false }), large));
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(large);
  });

  it('is refused from one byte more, announced, streamed, or announced as less', async () => {
    const shop = await newWorkspace({ webhook: false });
    const larger = png({ ...SMALL, bytes: LIMIT + 1 });
    for (const request of [
      () => putLogo(shop, larger),
      () => streamLogo(shop, larger),
      () => streamLogo(shop, larger, { 'Content-Length': '10' }),
      () => streamLogo(shop, larger, { 'Content-Length': 'little' }),
      () => putLogo(shop, png({ ...SMALL, bytes: 20 * LIMIT })),
    ]) {
      const { message } = await expectUnchanged(shop, request, 413, 'payload_too_large');
      expect(message).toContain('128 KB');
    }
  });

  it.each([
    [{ width: 2000, height: 2000 }, 200],
    [{ width: 1, height: 1 }, 200],
    [{ width: 31, height: 64 }, 200],
    [{ width: 2001, height: 40 }, 400],
    [{ width: 40, height: 2001 }, 400],
    [{ width: 16_383, height: 33 }, 400],
  ])('in pixels is at most 2,000 on each side: %j is answered with %i', async (size, status) => {
    const shop = await newWorkspace({ webhook: false });
    for (const picture of [png(size), jpeg(size), webp(size)]) {
      if (status === 200) expect(await setLogo(shop, picture)).not.toBeNull();
      else {
        const refused = await expectUnchanged(shop, () => putLogo(shop, picture), 400, 'validation_failed');
        expect(refused.details).toMatchObject([{ path: 'logo', code: 'validation_failed' }]);
        expect(refused.message).toContain('at most 2000 pixels');
        expect(refused.message).toContain(`${size.width} × ${size.height}`);
      }
    }
  });
});

describe('a logo is refused as another type', () => {
  const gif = Uint8Array.from([...utf8.encode('GIF89a'), 64, 0, 32, 0, 0, 0, 0]);
  const avif = Uint8Array.from([0, 0, 0, 24, ...utf8.encode('ftypavif'), 0, 0, 0, 0, ...utf8.encode('avifmif1')]);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['nothing at all', new Uint8Array()],
    ['an SVG', utf8.encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a page', utf8.encode('<!doctype html><script>alert(1)</script>')],
    ['a GIF', gif],
    ['an AVIF', avif],
    ['JSON', utf8.encode('{"logo":"x"}')],
    ['a page behind the signature of a PNG', Uint8Array.from([...png(SMALL).slice(0, 8), ...utf8.encode('<html>')])],
    ['a page behind the signature of a JPEG', Uint8Array.from([0xff, 0xd8, 0xff, ...utf8.encode('<html><script>')])],
    ['a sound that begins as a WebP does', utf8.encode('RIFF\x24\x00\x00\x00WAVEfmt ............')],
    ['a picture behind a page', Uint8Array.from([...utf8.encode('<html>'), ...png(SMALL)])],
    ['a PNG that ends in its header', png(SMALL).slice(0, 20)],
    ['a JPEG that ends in its header', jpeg(SMALL).slice(0, 17)],
    ['a WebP that ends in its header', webp(SMALL).slice(0, 27)],
    ['a PNG without pixels', png({ width: 0, height: 10 })],
    ['a JPEG without pixels', jpeg({ width: 10, height: 0 })],
  ];

  it.each(cases)('%s, whatever its Content-Type', async (_, bytes) => {
    const shop = await newWorkspace({ webhook: false });
    for (const type of ['image/png', 'application/octet-stream']) {
      const request = () => putLogo(shop, bytes, { 'Content-Type': type });
      await expectUnchanged(shop, request, 415, 'unsupported_media_type');
    }
  });

  it('with any Content-Encoding', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (const encoding of ['gzip', 'identity']) {
      const request = () => putLogo(shop, png(SMALL), { 'Content-Encoding': encoding });
      await expectUnchanged(shop, request, 415, 'unsupported_media_type');
    }
  });

  it('and counts in the rate limit once, like every refusal, and over the limit it is refused for that alone', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { secret } = await shop.issue({ rateLimitPerMinute: 3 });
    const refused = [new Uint8Array(), png({ ...SMALL, bytes: LIMIT + 1 }), png({ width: 2001, height: 40 })];
    const answers: (readonly [number, string | null])[] = [];
    for (const body of [...refused, png(SMALL), ...refused]) {
      const response = await call(secret, 'PUT', '/profile/logo', body);
      answers.push([response.status, response.headers.get('X-RateLimit-Remaining')]);
    }
    expect(answers.slice(0, 3)).toEqual([
      [415, '2'],
      [413, '1'],
      [400, '0'],
    ]);
    expect(new Set(answers.slice(3).map(String))).toEqual(new Set(['429,0']));
  });
});

describe('an address of a logo that is not there', () => {
  it('is answered with 404, without I/O unless it could be one', async () => {
    const hash = 'a'.repeat(64);
    const names = [hash, `0${hash}0`, `z${hash}`, `0${hash.toUpperCase()}`, `0${hash.slice(1)}`, '0', '%00', '..%2f'];
    for (const name of [...names, `0${hash}`]) {
      const bindings = countedBindings();
      const response = await visit(`/logo/${name}`, { bindings });
      expect([name, response.status]).toEqual([name, 404]);
      expect([name, bindings.counts.roundTrips]).toEqual([name, name === `0${hash}` ? 1 : 0]);
      expect(response.headers.get('Content-Security-Policy')).toBe("default-src 'none'; sandbox");
      expect([response.headers.get('Cache-Control'), response.headers.get('X-Content-Type-Options')]).toEqual([
        'no-store',
        'nosniff',
      ]);
    }
  });

  it('takes no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await visit(`/logo/0${'a'.repeat(64)}`, { method });
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET']);
    }
  });

  it('reads one row of one database, however many logos there are', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (let count = 0; count < 3; count++)
      await setLogo(await newWorkspace({ shard: shop.shard, webhook: false }), png(SMALL));
    const { logo_url } = await expectProfile(await putLogo(shop, webp({ width: 37, height: 37 })));
    const bindings = countedBindings();
    const noting = notingD1(bindings);
    const all = { ...bindings, ...noting.bindings };
    expect((await visit(new URL(logo_url ?? '').pathname, { bindings: all })).status).toBe(200);
    expect(bindings.counts.roundTrips).toBe(1);
    expect(await noting.rowsRead()).toBeLessThanOrEqual(2);
  });
});
