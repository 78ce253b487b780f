import { beforeEach, describe, expect, it, vi } from 'vitest';
import { callWith } from '../../support/api.ts';
import { attempt, attemptsOf, deliveryRow, passTime } from '../../support/deliveries.ts';
import type { BindingChanges } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { expectFaults, expectNewEndpoint, newEndpoint, readEndpoint } from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

/** A deployment that merchants can reach: no local webhooks. */
const PUBLIC: BindingChanges = { PUBLIC_URL: 'https://pay.northlight.com', ALLOW_LOCAL_WEBHOOKS: undefined };
const GOOD = 'https://hooks.yoursite.com/softsolz';

/** Refused wherever the service stands. */
const REFUSED = [
  ...['http://hooks.yoursite.com/', 'ftp://hooks.yoursite.com/', 'javascript:alert(1)', 'data:text/plain,x', ''],
  ...['hooks.yoursite.com', '//hooks.yoursite.com', 'https:hooks.yoursite.com', 'https:/hooks.yoursite.com'],
  ...['https://hooks.yoursite.com:8443/', 'https://hooks.yoursite.com:80/', 'https://hooks.yoursite.com:0/'],
  ...['https://user@hooks.yoursite.com/', 'https://user:pass@hooks.yoursite.com/', 'https://good.com@10.0.0.1/'],
  ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://0x7f000001/'],
  ...['https://127.1/', 'https://10.0.0.1/', 'https://169.254.169.254/latest', 'https://8.8.8.8/', 'https://0/'],
  ...['https://[::1]/', 'https://[::ffff:7f00:1]/', 'https://[::ffff:127.0.0.1]/', 'https://[fe80::1]/'],
  ...['https://127\u30020\u30020\u30021/', 'https://\uff11\uff12\uff17.0.0.1/', 'https://\u2460\u2461\u2466.0.0.1/'],
  ...['https://localhost/', 'https://localhost./', 'https://LOCALHOST/', 'https://a.localhost/', 'https://hooks/'],
  ...['https://metadata.google.internal/', 'https://x.internal./', 'https://printer.local/', 'https://db.lan/'],
  ...[
    'https://x.test/',
    'https://x.invalid/',
    'https://x.onion/',
    'https://x.home.arpa/',
    'https://hooks.yoursite.com./',
  ],
  ...['https://127.0.0.1.nip.io/', 'https://10-0-0-1.sslip.io/', 'https://anything.nip.io/', 'https://localtest.me/'],
  ...['https://192.168.0.1.example.org/', 'https://a.10-0-0-1.b.org/', 'https://hooks..yoursite.com/', 'https://-/'],
  ...['https://hooks.yoursite.com/a b', 'https://hooks.yoursite.com\\@evil.com', 'https://hooks.yoursite.com/\u0000'],
  ...['https://hooks.yoursite.com/\u202e', 'java\nscript:alert(1)', ' https://hooks.yoursite.com/', 'https://{}.com/'],
  `https://hooks.yoursite.com/${'x'.repeat(2048)}`,
];

/** Refused besides where `PUBLIC_URL` is https://pay.northlight.com. */
const REFUSED_IN_PUBLIC = [
  ...['https://pay.northlight.com/', 'https://PAY.northlight.com/x', 'https://pay.northlight.com./'],
  ...['https://pay.northlight.com../', 'https://pay.northlight.com:443/', 'https://p\u0430y.northlight.com:444/'],
  ...['http://localhost:3000/', 'http://127.0.0.1:3000/', 'http://localhost/'],
];

/** Refused besides where local webhooks are allowed: this service itself, and what only looks local. */
const REFUSED_IN_LOCAL = [
  ...['http://localhost:8787/', 'http://127.0.0.1:8787/x', 'http://LOCALHOST:8787/', 'http://127.1:3000/'],
  ...['http://0x7f.1:3000/', 'http://[::1]:3000/', 'http://localhost.:3000/', 'http://a@localhost:3000/'],
  ...['https://localhost:3000/', 'http://127.0.0.2:3000/', 'http://0.0.0.0:3000/'],
];

let shop: TestWorkspace;
beforeEach(async () => {
  shop = await newWorkspace();
});

const deployments: [string, BindingChanges, readonly string[]][] = [
  ['a public deployment', PUBLIC, [...REFUSED, ...REFUSED_IN_PUBLIC]],
  ['a local one', {}, [...REFUSED, ...REFUSED_IN_LOCAL]],
];

describe.each(deployments)('an address that %s must not send to', (_, bindings, refused) => {
  it('is refused for a new endpoint', async () => {
    const create = (url: string) => callWith(bindings, shop.key, 'POST', '/webhook-endpoints', { url });
    for (const url of refused) await expectFaults(shop, () => create(url), ['url']);
    expect((await expectNewEndpoint(await create(GOOD))).url).toBe(GOOD);
  });

  it('is refused for an endpoint that there is, which stays as it was', async () => {
    const { secret: _secret, sink: _sink, ...endpoint } = await newEndpoint(shop);
    const path = `/webhook-endpoints/${endpoint.id}`;
    for (const url of refused) {
      const change = { url, description: 'changed' };
      await expectFaults(shop, () => callWith(bindings, shop.key, 'PATCH', path, change), ['url']);
    }
    expect(await readEndpoint(shop, endpoint.id)).toEqual(endpoint);
  });

  it('is sent nothing where it lies in the database', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const fetched = vi.spyOn(globalThis, 'fetch');
    try {
      for (const url of refused) {
        const [id] = await waitingFor(await addEndpointRow(shop, { url }), 1);
        await attempt([id ?? ''], bindings);
        expect(fetched.mock.calls).toEqual([]);
        expect(await attemptsOf(id)).toMatchObject([{ status_code: null, error: expect.stringContaining('not sent') }]);
        expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1 });
        passTime(1);
      }
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });
});

describe('an address that can be sent to', () => {
  const good = [
    ...[
      GOOD,
      'https://hooks.yoursite.com',
      'https://hooks.yoursite.com/a/../\u00fc?y=1#z',
      'https://xn--bcher-kva.de/',
    ],
    ...['https://a-1.b_2.yoursite.co.uk/%20', 'https://8-8-8-8.yoursite.com/', 'https://northlight.com/'],
    `https://hooks.yoursite.com/${'x'.repeat(2021)}`,
  ];
  it.each([...good, 'http://localhost:3000/hooks', 'http://127.0.0.1:9/'])('%s is kept as it was sent', async (url) => {
    const own = await newWorkspace({ webhook: false });
    const bindings = url.startsWith('http:') ? {} : PUBLIC;
    const made = await expectNewEndpoint(await callWith(bindings, own.key, 'POST', '/webhook-endpoints', { url }));
    expect(made.url).toBe(url);
    expect((await readEndpoint(own, made.id)).url).toBe(url);
  });

  it.each([
    ['https://hooks.yoursite.com:443/', 'https://hooks.yoursite.com/'],
    ['HTTPS://Hooks.YourSite.com/X?y=1#z', 'https://hooks.yoursite.com/X?y=1#z'],
    ['https://B\u00fccher.de', 'https://xn--bcher-kva.de'],
  ])('%s is kept as %s, also by a change', async (url, kept) => {
    const own = await newWorkspace({ webhook: false });
    const post = (body: object) => callWith(PUBLIC, own.key, 'POST', '/webhook-endpoints', body);
    expect((await expectNewEndpoint(await post({ url }))).url).toBe(kept);
    const { id } = await expectNewEndpoint(await post({ url: GOOD }));
    const changed = await callWith(PUBLIC, own.key, 'PATCH', `/webhook-endpoints/${id}`, { url });
    expect(changed.status).toBe(200);
    expect((await readEndpoint(own, id)).url).toBe(kept);
  });
});
