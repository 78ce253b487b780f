import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SIMULATED } from '../../support/simulated.ts';
import { expectError, rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import {
  accountIn,
  accountsAsked,
  beginOnboarding,
  connectedId,
  decide,
  linkOf,
  readAccount,
} from '../support/onboarding.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { control, stripeRequest } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const TOKEN = SIMULATED.variables.OPERATOR_TOKEN;
const ROUTES = ['onboarding-links', 'read', 'dashboard-links', 'disconnect'] as const;
const FIRST = { country: 'gb', email: 'owner@shop.example' } as const;

interface Asking {
  readonly body?: object;
  readonly authorization?: string;
  readonly method?: string;
  readonly bindings?: BindingChanges;
}

async function ask(workspaceId: string, route: string, asking: Asking = {}): Promise<Response> {
  const { body = {}, authorization = `Bearer ${TOKEN}`, method = 'POST', bindings = {} } = asking;
  const url = `${SIMULATED.variables.PUBLIC_URL}/operators/workspaces/${workspaceId}/account/${route}`;
  const headers = { Authorization: authorization, 'Content-Type': 'application/json' };
  const sent = method === 'GET' ? {} : { body: JSON.stringify(body) };
  return await fetchWith(bindings, new Request(url, { method, headers, ...sent }));
}

const bare = (options = {}) => newWorkspace({ account: 'none', ...options });
const start = (shop: TestWorkspace, body: object = FIRST) => ask(shop.workspace.id, 'onboarding-links', { body });

/** The addresses to which Stripe sends the person, in the latest request for a link to the account of this workspace. */
async function returnUrls(shop: TestWorkspace): Promise<Record<string, string>> {
  const { data } = z.object({ data: z.array(stripeRequest) }).parse(await control('GET', '/requests'));
  const account = await connectedId(shop);
  const link = data.findLast(({ path, params }) => path === '/v2/core/account_links' && params.account === account);
  const useCase = z.object({ account_onboarding: z.record(z.string(), z.unknown()) }).parse(link?.params.use_case);
  return z.object({ return_url: z.string(), refresh_url: z.string() }).parse(useCase.account_onboarding);
}

describe.each(ROUTES)("The operators' route account/%s", (route) => {
  it.each([
    ['another token', `Bearer ${TOKEN}x`, 'POST'],
    ['no token', '', 'POST'],
    ['another method', `Bearer ${TOKEN}`, 'GET'],
  ])('is an unknown path with %s, which costs no database', async (_what, authorization, method) => {
    const shop = await newWorkspace({ webhook: false });
    const counted = countingD1(env);
    const refused = await ask(shop.workspace.id, route, { authorization, method, bindings: counted.bindings });
    const { message } = await expectError(refused, 404, 'not_found');
    expect(message).toMatch(/^Nothing is here/);
    expect([counted.counts.roundTrips, refused.headers.get('Allow')]).toEqual([0, null]);
    expect(await readAccount(shop)).toMatchObject({ state: 'ready' });
  });

  it('is an unknown path where no token is configured', async () => {
    const shop = await newWorkspace({ webhook: false });
    const refused = await ask(shop.workspace.id, route, { bindings: { OPERATOR_TOKEN: undefined } });
    const { message } = await expectError(refused, 404, 'not_found');
    expect(message).toMatch(/^Nothing is here/);
  });

  it('knows no workspace that does not exist, and does not guess while a shard is down', async () => {
    const { message } = await expectError(await ask('nobody', route), 404, 'not_found');
    expect(message).toContain('nobody');
    await expectError(await ask('nobody', route, { bindings: withoutShard('1') }), 503, 'service_unavailable');
  });
});

describe("An operator's onboarding", () => {
  it('is refused for a body that is wrong, with every fault, and makes no account', async () => {
    const shop = await bare();
    const wrong = { country: 'Britain', email: 'nobody', start_over: 'yes' };
    const { details } = await expectError(await start(shop, wrong), 400, 'validation_failed');
    expect(details?.map(({ path }) => path)).toEqual(['country', 'email', 'start_over']);
    const missing = await expectError(await start(shop, {}), 400, 'validation_failed');
    expect(missing.details?.map(({ path }) => path)).toEqual(['country', 'email']);
    expect(await accountsAsked(shop)).toEqual([]);
  });

  it.each(['0', '1'])('makes the account in shard %s, and leads back to our own page with a token', async (shard) => {
    const shop = await bare({ shard });
    const response = await start(shop);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const link = await linkOf(response);
    expect(link.url).toContain('/setup/');
    expect(await readAccount(shop)).toMatchObject({ state: 'started', country: 'GB' });
    expect(await returnUrls(shop)).toEqual({
      return_url: expect.stringMatching(/^http:\/\/localhost:8787\/connect\/return\?t=[\w-]+\.[\w-]{43}$/),
      refresh_url: 'http://localhost:8787/connect/link-expired',
    });
  });

  it('is noted in the audit log as done by an operator, without the link', async () => {
    const shop = await bare();
    const { url } = await linkOf(await start(shop));
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit).toContainEqual(expect.objectContaining({ action: 'account.create', actor: 'operator' }));
    expect(JSON.stringify(audit)).not.toContain(url);
  });

  it('leaves an entry of each link of an account that exists, without the address', async () => {
    const shop = await beginOnboarding(await bare());
    const { url } = await linkOf(await start(shop, {}));
    const audit = await rowsOf('audit_log', shop.workspace.id);
    const entry = { action: 'account.onboarding_link', actor: 'operator', object: shop.account };
    expect(audit.filter(({ actor }) => actor === 'operator').at(-1)).toMatchObject(entry);
    expect(JSON.stringify(audit)).not.toContain(new URL(url).pathname);
  });

  it('works in a live workspace too, whose local copy has no https', async () => {
    const shop = await bare({ mode: 'live' });
    await linkOf(await start(shop));
    expect(await readAccount(shop)).toMatchObject({ state: 'started', livemode: true });
  });

  it('goes on with the account that is there, and starts over only when asked to', async () => {
    const shop = await beginOnboarding(await bare());
    await linkOf(await start(shop, {}));
    expect(await accountsAsked(shop)).toHaveLength(1);
    await linkOf(await start(shop, { ...FIRST, country: 'DE', start_over: true }));
    expect(await readAccount(shop)).toMatchObject({ state: 'started', country: 'DE' });
  });

  it('is refused for a finished account, and connects a disconnected one again', async () => {
    const shop = await beginOnboarding(await bare());
    await decide(shop, 'ready');
    await expectError(await start(shop, {}), 409, 'account_ready');
    expect(await accountIn(await ask(shop.workspace.id, 'disconnect'))).toMatchObject({ state: 'disconnected' });
    await expectError(await call(shop.key, 'POST', '/checkout-sessions', SESSION), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await accountIn(await start(shop, {}))).toMatchObject({ state: 'ready', charges_enabled: true });
  });
});

describe("An operator's look at an account", () => {
  it('asks Stripe first, and stores what it says', async () => {
    const shop = await beginOnboarding(await bare());
    await control('POST', `/accounts/${shop.account}/outcome`, {
      outcome: 'document_needed',
      due_at: '2030-01-31T12:00:00Z',
    });
    const account = await accountIn(await ask(shop.workspace.id, 'read'));
    expect(account).toMatchObject({
      state: 'action_needed',
      requirements: [{ awaiting: 'merchant', message: expect.stringContaining('31 January 2030') }],
    });
    expect(await readAccount(shop)).toEqual(account);
  });

  it('shows that there is none, or that it is disconnected, without asking Stripe', async () => {
    const shop = await bare();
    expect(await accountIn(await ask(shop.workspace.id, 'read'))).toMatchObject({ state: 'none', country: null });
    const gone = await beginOnboarding(await bare());
    await decide(gone, 'ready');
    await ask(gone.workspace.id, 'disconnect');
    expect(await accountIn(await ask(gone.workspace.id, 'read'))).toMatchObject({ state: 'disconnected' });
  });

  it('is 503 while Stripe does not answer', async () => {
    const shop = await beginOnboarding(await bare());
    const silent = { STRIPE_API_BASE: 'http://localhost:9' };
    await expectError(await ask(shop.workspace.id, 'read', { bindings: silent }), 503, 'service_unavailable');
  });
});

describe("An operator's way to the dashboard", () => {
  it('is an address at Stripe, and refused without an account', async () => {
    const shop = await beginOnboarding(await bare());
    await expectError(await ask(shop.workspace.id, 'dashboard-links'), 409, 'CONNECT_ACCOUNT_NOT_READY');
    await decide(shop, 'ready');
    const opened = await ask(shop.workspace.id, 'dashboard-links');
    expect([opened.status, await opened.json()]).toEqual([
      201,
      { data: { url: expect.stringMatching(/^http:\/\/localhost:12111\/express\//) } },
    ]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    const entry = { action: 'account.dashboard_link', actor: 'operator', object: shop.account };
    expect(audit.filter(({ action }) => action === entry.action)).toMatchObject([entry]);
    expect(JSON.stringify(audit)).not.toContain('/express/');
    const none = await bare();
    await expectError(await ask(none.workspace.id, 'dashboard-links'), 409, 'CONNECT_ACCOUNT_MISSING');
    await expectError(await ask(none.workspace.id, 'disconnect'), 409, 'CONNECT_ACCOUNT_MISSING');
  });
});
