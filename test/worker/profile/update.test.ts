import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renamePair } from '../../../src/domain/workspaces/rename-pair.ts';
import { callWith } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { expectProfile, expectUnchanged, patchProfile, readProfile, storedProfile } from '../support/profiles.ts';
import { call, newWorkspace, operatorContext } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

const EMPTY = {
  display_name: 'Northlight Studio',
  logo_url: null,
  support_email: null,
  support_phone: null,
  website: null,
  terms_url: null,
  privacy_url: null,
  refund_policy_url: null,
  brand_color: null,
  updated_at: null,
};

const FULL = {
  display_name: 'Harbour & Sons عربون',
  support_email: 'hello@harbour.example',
  support_phone: '+44 (0)20 7946-0958',
  website: 'https://harbour.example',
  terms_url: 'https://harbour.example/terms?v=2#top',
  privacy_url: 'http://harbour.example/privacy',
  refund_policy_url: 'https://harbour.example/{refunds}',
  brand_color: '#1d4ed8',
};

describe('the profile of a workspace', () => {
  it('has the name of the workspace and nothing else until something is set, and reading it writes nothing', async () => {
    const shop = await newWorkspace();
    expect(await readProfile(shop)).toEqual(EMPTY);
    await renamePair(operatorContext(shop.shard), { id: shop.workspace.id, name: 'Northlight Photography' });
    expect(await readProfile(shop)).toEqual({ ...EMPTY, display_name: 'Northlight Photography' });
    expect(await storedProfile(shop)).toEqual({ profiles: [], logos: [], actions: [] });
    const head = await call(shop.key, 'HEAD', '/profile');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('takes every member, changes only what is sent, and clears with null', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(1_900_000_000_000);
    const shop = await newWorkspace();
    const first = { ...FULL, logo_url: null, updated_at: '2030-03-17T17:46:40Z' };
    expect(await expectProfile(await patchProfile(shop, { ...FULL, brand_color: '#1D4ED8' }))).toEqual(first);
    expect(await readProfile(shop)).toEqual(first);
    vi.setSystemTime(1_900_000_060_000);
    const change = { support_phone: null, website: null, brand_color: '#ABC', display_name: 'Harbour' };
    const second = { ...first, ...change, brand_color: '#abc', updated_at: '2030-03-17T17:47:40Z' };
    expect(await expectProfile(await patchProfile(shop, change))).toEqual(second);
    const cleared = Object.fromEntries(Object.keys(FULL).map((name) => [name, null]));
    const { display_name: _, ...clearable } = cleared;
    const last = { ...second, ...clearable };
    expect(await expectProfile(await patchProfile(shop, clearable))).toEqual(last);
    expect((await storedProfile(shop)).actions).toEqual(['profile.update', 'profile.update', 'profile.update']);
  });

  it('stays as it is, to the second, for a body that changes nothing', async () => {
    const shop = await newWorkspace();
    expect(await expectProfile(await patchProfile(shop, {}))).toEqual(EMPTY);
    expect(await expectProfile(await patchProfile(shop, { website: null }))).toEqual(EMPTY);
    expect((await storedProfile(shop)).profiles).toEqual([]);
    await patchProfile(shop, FULL);
    const before = await storedProfile(shop);
    const foreign = { tenant_id: 'x', livemode: true, logo_url: 'https://evil.example', updated_at: null, id: 7 };
    for (const body of [{}, FULL, foreign]) await expectProfile(await patchProfile(shop, body));
    expect(await storedProfile(shop)).toEqual(before);
  });

  it('is written once for an Idempotency-Key, whose answer comes again byte by byte', async () => {
    const shop = await newWorkspace();
    const key = { 'Idempotency-Key': 'profile-1' };
    const first = await patchProfile(shop, { display_name: 'One' }, key);
    const text = await first.text();
    await patchProfile(shop, { display_name: 'Two' });
    const again = await patchProfile(shop, { display_name: 'One' }, key);
    expect([again.headers.get('Idempotent-Replayed'), await again.text()]).toEqual(['true', text]);
    expect((await readProfile(shop)).display_name).toBe('Two');
    const other = () => patchProfile(shop, { display_name: 'Three' }, key);
    await expectUnchanged(shop, other, 409, 'idempotency_key_conflict');
  });

  it('is of one workspace and one mode only', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ pairOf: live });
    const other = await newWorkspace({ shard: live.shard });
    await patchProfile(live, { display_name: 'Live', website: 'https://live.example' });
    await patchProfile(sandbox, { display_name: 'Sandbox' });
    expect(await readProfile(live)).toMatchObject({ display_name: 'Live', website: 'https://live.example' });
    expect(await readProfile(sandbox)).toMatchObject({ display_name: 'Sandbox', website: null });
    expect(await readProfile(other)).toEqual(EMPTY);
  });

  it('costs two round trips to read and three to change', async () => {
    const shop = await newWorkspace();
    const costOf = async (method: string, body?: unknown) => {
      const { bindings, counts } = countingD1(env);
      await expectProfile(await callWith(bindings, shop.key, method, '/profile', body));
      return counts.roundTrips;
    };
    expect([await costOf('GET'), await costOf('PATCH', FULL), await costOf('GET')]).toEqual([2, 3, 2]);
  });
});

describe('a profile takes', () => {
  it.each([
    ['display_name', 'x'.repeat(100)],
    ['display_name', '😀'.repeat(100)],
    ['support_phone', '12345'],
    ['support_phone', '+1 (555) 010.0199'],
    ['support_phone', '1'.repeat(32)],
    ['website', `https://harbour.example/${'x'.repeat(2024)}`],
    ['terms_url', 'HTTP://localhost:3000/terms'],
    ['brand_color', '#fff'],
  ])('%s %j', async (member, value) => {
    const shop = await newWorkspace({ webhook: false });
    expect(await expectProfile(await patchProfile(shop, { [member]: value }))).toMatchObject({ [member]: value });
  });

  it('international names as browsers and mail servers write them', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sent = { support_email: 'ann@münchen.de', website: 'https://münchen.de/über' };
    const { support_email, website } = await expectProfile(await patchProfile(shop, sent));
    expect([support_email, website]).toEqual(['ann@xn--mnchen-3ya.de', 'https://xn--mnchen-3ya.de/über']);
  });
});

describe('a profile refuses', () => {
  const NAMES = [null, '', ' \u200b', 'x'.repeat(101), 'two\nlines', 'a\u0000', '\u202eevil', 7];
  const EMAILS = ['', 'ann', 'ann@localhost', 'a b@example.com', `${'x'.repeat(250)}@example.com`, 7];
  const PHONES = [
    '',
    '1234',
    '+( ) - .',
    '1'.repeat(33),
    '12345 ext 6',
    '１２３４５',
    '12345\n',
    'tel:+441234567',
    441234567,
  ];
  const URLS = [
    ...['', 'harbour.example', '//harbour.example', 'https:harbour.example', 'ftp://harbour.example', 7],
    ...['javascript:alert(1)', 'data:text/html,x', 'https://ann@harbour.example', 'https://a.example/ b'],
    ...['https://a.example\\b', 'https://a.example/\u0000', `https://a.example/${'x'.repeat(2048)}`],
    ...['https://a.example/?s={CHECKOUT_SESSION_ID}', 'https://a.example/%7bCHECKOUT_SESSION_ID%7D'],
  ];
  const COLOURS = ['', 'red', '#12', '#12345', '#1234567', '1d4ed8', 'rgb(0,0,0)', '#fff;}', 7];
  const members: readonly (readonly [string, readonly unknown[]])[] = [
    ['display_name', NAMES],
    ['support_email', EMAILS],
    ['support_phone', PHONES],
    ['website', URLS],
    ['terms_url', URLS],
    ['privacy_url', URLS],
    ['refund_policy_url', URLS],
    ['brand_color', COLOURS],
  ];

  it.each(members)('a wrong %s, and names it', async (member, values) => {
    const shop = await newWorkspace({ webhook: false });
    for (const value of values) {
      const request = () => patchProfile(shop, { [member]: value });
      const { details = [], message } = await expectUnchanged(shop, request, 400, 'validation_failed');
      expect([value, details.map(({ path, code }) => `${path} ${code}`)]).toEqual([
        value,
        [`${member} validation_failed`],
      ]);
      expect(message).toContain(member);
    }
  });

  it('all that is wrong at once, and writes nothing of what is right', async () => {
    const shop = await newWorkspace({ webhook: false });
    const wrong = Object.fromEntries(members.map(([member, [value]]) => [member, value]));
    const request = () => patchProfile(shop, { ...wrong, website: 'https://right.example' });
    const { details = [] } = await expectUnchanged(shop, request, 400, 'validation_failed');
    const expected = Object.keys(wrong).filter((name) => name !== 'website');
    expect(details.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
  });
});
