import { beforeAll, describe, expect, it } from 'vitest';
import { newFormId } from '../../src/core/ids.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createLink } from '../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { bindings, TestApp, TestBrowser } from './support/app.ts';
import { insertEntries } from './support/entries.ts';
import { seedEvents, seedFailed } from './support/events.ts';
import { addPayment, connectStripe, takePayment } from './support/payments.ts';
import { type AtWork, atWork, pageOf } from './support/screens.ts';
import { newMember, newPerson } from './support/team.ts';
import { formsOf, invitationsOf } from './support/traces.ts';
import { callApi } from './support/webhooks.ts';
import { appRoutes } from './support/workspace-routes.ts';

const MOST_BYTES = 40 * 1024;
const WORKSPACE = '/app/:mode{test|live}/:workspace';

/** What is no screen: ways to another address, files, and the preview, which counts as a part of the form around it. */
const NO_SCREENS = [
  ...['/', '/app', '/app/live/home', '/app/test/home'],
  ...['developers', 'settings', 'settings/stripe/returned', 'team/leave'].map((path) => `${WORKSPACE}/${path}`),
  ...['links/:token/qr.png', 'links/preview', 'payments/export.csv'].map((path) => `${WORKSPACE}/${path}`),
];

const screens = appRoutes().filter(({ method, path }) => method === 'GET' && !NO_SCREENS.includes(path));

const app = new TestApp();

/** How many rows a list has on a page, at most. */
const FULL = { links: 25, payments: 25, events: 25, entries: 50, requests: 100 };
const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Fills the lists of a workspace. Returns what a path has in place of `:id` and the like, by what stands before it. */
async function fill(at: AtWork): Promise<Record<string, string | number>> {
  const context = await at.context();
  const account = await connectStripe(at);
  const payment = await takePayment(at, account);
  for (const number of numbersTo(FULL.payments)) {
    await addPayment(context, { customerEmail: `buyer.${number}@example.com`, amountMinor: 100 * number });
  }
  const price = { currency: 'GBP', amountMinor: 4999 };
  for (const number of numbersTo(FULL.links)) await createLink(context, { title: `Evening class ${number}`, ...price });
  const { token } = await createLink(context, { title: 'Tea bowl', showBusinessName: true, ...price });
  const common = { name: 'Shop', scopes: ['service.payments.*'], rateLimitPerMinute: 600 };
  const { key, secret } = await issueKey(context, { ...common, kind: 'secret', allowedOrigins: [] });
  const publicKey = await issueKey(context, {
    ...common,
    kind: 'public',
    allowedOrigins: ['https://shop.example.com'],
  });
  for (const number of numbersTo(FULL.requests)) await callApi(secret, 'GET', `/payments/${number}`);
  const { endpoint } = await createEndpoint(context, { url: 'https://hooks.example.com/in' });
  const events = await seedEvents(at.workspaceId, FULL.events, { paymentId: payment });
  const [delivery = ''] = await seedFailed(at.workspaceId, endpoint.id, events);
  const entry = { actor: 'cron', action: 'account.updated' } as const;
  await insertEntries(
    at.workspaceId,
    numbersTo(FULL.entries).map((number) => ({ ...entry, object: `acct_${number}` })),
  );
  return {
    ...{ links: token, payments: payment, keys: key.id, 'public-keys': publicKey.key.id },
    ...{ webhooks: endpoint.id, deliveries: delivery, events: events[0] ?? '' },
  };
}

/** A workspace in use, and who can open which of its screens. */
async function workspaceInUse() {
  const at = await atWork(app);
  const filled = await fill(at);
  const colleague = await newMember(app, at.organisation, 'developer');
  const guest = await newPerson(app);
  await formsOf(at.browser, at.organisation)('team/owners/invitations', { email: guest.email, role: 'owner' });
  const [invitation] = await invitationsOf(at.organisation);
  const stranger = new TestBrowser(app);
  await stranger.post('/app/sign-in', { email: 'somebody@example.com' });
  const named: Record<string, string | number> = {
    ...filled,
    members: colleague.id,
    invitations: invitation?.id ?? '',
  };
  const browserFor = (path: string) => {
    if (path.startsWith('/app/sign-in')) return stranger;
    return path.startsWith('/app/invitations') ? guest.browser : at.browser;
  };
  return { id: at.organisation.id, named, browserFor };
}

let workspace: Awaited<ReturnType<typeof workspaceInUse>>;

beforeAll(async () => {
  workspace = await workspaceInUse();
});

/** Opens a page in German, whose texts are the longer ones. */
async function open(path: string): Promise<string> {
  return await pageOf(await workspace.browserFor(path).get(path, { 'Accept-Language': 'de' }));
}

/** The bytes of a page, compressed, with all that a browser loads for it: no icons of the pages in frames. */
async function bytesOf(path: string, isFrame = false): Promise<number> {
  const shown = await open(path);
  const page = isFrame ? shown.replaceAll(/<link rel="icon"[^>]*>/g, '') : shown;
  const loaded = [...page.matchAll(/<(link|script|img|iframe)\b[^>]*?\s(?:href|src)="([^"]+)"/g)];
  const bytes = loaded.map(async ([, tag, address = '']) =>
    tag === 'iframe' ? await bytesOf(address.replaceAll('&amp;', '&'), true) : await gzipBytes(await assetAt(address)),
  );
  return (await Promise.all(bytes)).reduce((sum, one) => sum + one, await gzipBytes(shown));
}

async function assetAt(path: string): Promise<ReadableStream> {
  const { status, body } = await bindings.ASSETS.fetch(`https://assets.invalid${path}`);
  if (status !== 200 || body === null) throw new Error(`${path} is no file of the app`);
  return body;
}

async function gzipBytes(content: string | ReadableStream): Promise<number> {
  const body = new Response(content).body ?? new Blob().stream();
  return (await new Response(body.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()).byteLength;
}

describe('a screen in an empty browser', () => {
  it.each(screens)('weighs at most 40 KB with all that it loads: $path', async (route) => {
    const path = route.path
      // A link is copied from the sandbox on a page of live.
      .replace(/:mode\{[^}]*\}/, route.path.endsWith('/from-sandbox') ? 'live' : 'test')
      .replace(':workspace', workspace.id)
      .replace(/([^/]+)\/:\w+/, (_, before: string) => `${before}/${workspace.named[before] ?? 'unknown'}`);
    const bytes = await bytesOf(path === '/app/workspaces/new' ? `${path}?form=${newFormId()}` : path);
    expect(bytes).toBeGreaterThan(3 * 1024);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
});
