import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseApiKey } from '../../../src/core/api-keys.ts';
import { accountOf, callWith, expectError, rowsOf } from '../support/api.ts';
import { countingD1, failingD1 } from '../support/counting.ts';
import { askBootstrap, boot } from '../support/embed.ts';
import { expectCreated, listKeys, newKey, newKeyOwner, postKey } from '../support/public-keys.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { setConditions, stripeRequests } from '../support/simulator.ts';

afterEach(() => vi.restoreAllMocks());

const PUBLIC_URL = { PUBLIC_URL: 'https://pay.softsolz.example', ALLOW_LOCAL_WEBHOOKS: '' };

async function publicRows(workspaceId: string): Promise<Record<string, unknown>[]> {
  return (await rowsOf('api_keys', workspaceId)).filter(({ kind }) => kind === 'public');
}

/** The hosts that were registered for wallets, in the order of the alphabet. */
async function walletDomains(account: string | null): Promise<unknown[]> {
  const requests = await stripeRequests(accountOf(account));
  const made = requests.filter(({ method, path }) => method === 'POST' && path === '/v1/payment_method_domains');
  return made.map(({ params }) => params.domain_name).sort();
}

describe('a new public key', () => {
  it('is shown once, and only its fingerprint is kept', async () => {
    const shop = await newKeyOwner();
    const body = { name: ' Shop page ', allowed_origins: ['https://Shop.example:443', 'https://shop.example'] };
    const made = await expectCreated(await postKey(shop, body));
    expect(parseApiKey(made.key)).toEqual({ kind: 'public', mode: 'sandbox', shard: shop.shard });
    expect(made).toMatchObject({
      prefix: 'pk_test_',
      last4: made.key.slice(-4),
      name: 'Shop page',
      allowed_origins: ['https://shop.example'],
      revoked_at: null,
    });
    expect(JSON.stringify(await publicRows(shop.workspace.id))).not.toContain(made.key);
    const { key: _, ...shown } = made;
    expect((await listKeys(shop)).data).toEqual([shown]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ object }) => object === made.id)).toMatchObject([{ action: 'api_key.issue' }]);
  });

  it('opens the widget of its own mode, and nothing of the server API', async () => {
    for (const mode of ['sandbox', 'live'] as const) {
      const shop = await newKeyOwner({ mode });
      const { key } = await newKey(shop, ['https://shop.example']);
      const widget = { shop, key, keyId: '', link: await shop.link() };
      expect((await boot(widget)).sandbox).toBe(mode === 'sandbox');
      const refused = await askBootstrap(widget, { origin: 'https://evil.example' });
      await expectError(refused, 403, 'origin_not_allowed');
      await expectError(await postKey({ ...shop, key }, {}), 401, 'invalid_api_key');
    }
  });

  it('takes two database round trips with the one for the secret key', async () => {
    const shop = await newKeyOwner({ account: 'none' });
    const database = countingD1(env);
    const body = { allowed_origins: ['https://shop.example'] };
    await expectCreated(await callWith(database.bindings, shop.key, 'POST', '/public-keys', body));
    expect(database.counts.roundTrips).toBe(2);
  });
});

describe('the origins of a new public key', () => {
  it('may be localhost for a sandbox, and not for live', async () => {
    const body = { allowed_origins: ['https://shop.example', 'http://localhost:*'] };
    await expectCreated(await postKey(await newKeyOwner(), body));
    const live = await newKeyOwner({ mode: 'live' });
    const error = await expectError(await postKey(live, body), 400, 'validation_failed');
    expect(error.details?.map(({ path }) => path)).toEqual(['allowed_origins.1']);
    expect(await publicRows(live.workspace.id)).toEqual([]);
  });

  it('are answered with all their faults at once', async () => {
    const shop = await newKeyOwner();
    const allowed_origins = ['https://*.com', 'https://shop.example', 'http://shop.example', 'https://a.example/x', 5];
    const error = await expectError(await postKey(shop, { name: '\u200b', allowed_origins }), 400, 'validation_failed');
    expect(error.details?.map(({ path }) => path)).toEqual([
      'name',
      ...[0, 2, 3, 4].map((index) => `allowed_origins.${index}`),
    ]);
    expect(await publicRows(shop.workspace.id)).toEqual([]);
  });

  it('are 1 to 50', async () => {
    const shop = await newKeyOwner({ account: 'none' });
    const many = (count: number) => Array.from({ length: count }, (_, index) => `https://s${index}.example.com`);
    expect((await newKey(shop, many(50))).allowed_origins).toHaveLength(50);
    for (const allowed_origins of [many(51), [], null, undefined, 'https://shop.example', {}]) {
      const error = await expectError(await postKey(shop, { allowed_origins }), 400, 'validation_failed');
      expect(error.details?.map(({ path }) => path)).toEqual(['allowed_origins']);
    }
  });
});

describe('the limit of public keys', () => {
  it('is 20 in force, also for 40 that are made at once, and revoking makes room', async () => {
    const shop = await newKeyOwner({ account: 'none' });
    const body = { allowed_origins: ['https://shop.example'] };
    const answers = await Promise.all(Array.from({ length: 40 }, () => postKey(shop, body)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(20).fill(201), ...Array(20).fill(409)]);
    const rows = await publicRows(shop.workspace.id);
    expect(rows).toHaveLength(20);
    const refused = await expectError(await postKey(shop, body), 409, 'limit_reached');
    expect(refused.message).toContain('20');
    await shop.binding.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(rows[0]?.id).run();
    await expectCreated(await postKey(shop, body));
    // Another workspace has room of its own, and secret keys take none.
    await expectCreated(await postKey(await newKeyOwner({ account: 'none', pairOf: shop, mode: 'live' }), body));
  });
});

describe('the same request again', () => {
  const headers = { 'Idempotency-Key': 'shop-page' };
  const body = { allowed_origins: ['https://shop.example'] };

  it('is the same key', async () => {
    const shop = await newKeyOwner();
    const first = await postKey(shop, body, headers);
    const again = await postKey(shop, body, headers);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
    expect(await publicRows(shop.workspace.id)).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('is the same key when the database was lost %s the insert', async (when) => {
    const shop = await newKeyOwner();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = failingD1(env, 2, when);
    await expectError(
      await callWith(broken, shop.key, 'POST', '/public-keys', body, headers),
      503,
      'service_unavailable',
    );
    const written = await publicRows(shop.workspace.id);
    expect(written).toHaveLength(when === 'after' ? 1 : 0);
    const made = await expectCreated(await postKey(shop, body, headers));
    expect(await publicRows(shop.workspace.id)).toHaveLength(1);
    const widget = { shop, key: made.key, keyId: made.id, link: await shop.link() };
    await boot(widget);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ object }) => object === made.id)).toHaveLength(1);
  });

  it('without the header is another key', async () => {
    const shop = await newKeyOwner();
    const [one, other] = [await newKey(shop, body.allowed_origins), await newKey(shop, body.allowed_origins)];
    expect(one.key).not.toBe(other.key);
  });
});

describe('wallets on the pages of a key', () => {
  const allowed_origins = [
    'https://shop.example',
    'https://shop.example:8443',
    'https://*.wild.example',
    'http://localhost:*',
  ];

  it('are registered for its exact hosts and our own frame, on the connected account', async () => {
    const shop = await newKeyOwner();
    await expectCreated(await callWith(PUBLIC_URL, shop.key, 'POST', '/public-keys', { allowed_origins }));
    expect(await walletDomains(shop.account)).toEqual(['pay.softsolz.example', 'shop.example']);
  });

  it('are not for a frame on this machine, nor where nothing stands for one host', async () => {
    const shop = await newKeyOwner();
    await newKey(shop, ['https://shop.example']);
    expect(await walletDomains(shop.account)).toEqual(['shop.example']);
    const other = await newKeyOwner();
    const wild = { allowed_origins: ['https://*.wild.example'] };
    await expectCreated(await callWith(PUBLIC_URL, other.key, 'POST', '/public-keys', wild));
    expect(await walletDomains(other.account)).toEqual([]);
  });

  it('on which Stripe shows no wallets are in the log with its reason, and are checked again later', async () => {
    const shop = await newKeyOwner();
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await setConditions(shop.account, { payment_method_domain_status: 'inactive' });
    await newKey(shop, ['https://shop.example']);
    expect(warnings.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      {
        message: 'wallet domain not registered',
        domain: 'shop.example',
        error: expect.stringMatching(/apple_pay is inactive: Unable to verify the domain.*google_pay is inactive/),
      },
    ]);
    warnings.mockClear();
    await setConditions(shop.account, {});
    await newKey(shop, ['https://shop.example']);
    expect(warnings).not.toHaveBeenCalled();
  });

  it('that Stripe does not take do not keep the key from being made, and are in the log', async () => {
    const shop = await newKeyOwner();
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const asked: string[] = [];
    stripeOf(async (request) => {
      asked.push(new URL(request.url).pathname);
      return stripeErrorAnswer({ status: 500, type: 'api_error' });
    });
    const response = await callWith(PUBLIC_URL, shop.key, 'POST', '/public-keys', { allowed_origins });
    await expectCreated(response);
    expect(asked).toEqual(['/v1/payment_method_domains', '/v1/payment_method_domains']);
    expect(
      warnings.mock.calls.flat().filter((line) => String(line).includes('wallet domain not registered')),
    ).toHaveLength(2);
  });
});
