import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { failingD1, wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { failNext } from '../support/keyed.ts';
import { openPage, type Page, pageOf, sendForm } from '../support/pay-page.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { control, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { closed } = en;

beforeEach(freezeTime);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function expectUnavailable(page: Page): void {
  expect([page.status, page.headers.get('Content-Type')]).toEqual([503, expect.stringContaining('text/html')]);
  expect(page.text).toContain(closed.unavailable.title);
  expect(page.text).toContain(closed.unavailable.text);
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(page.html).not.toMatch(/D1_ERROR|SQLITE|at \w+ \(|stack|sk_test/);
}

async function expectOneSession(shop: TestWorkspace, location: string | null): Promise<void> {
  const sessions = await stripeSessions(accountOf(shop.account));
  expect(sessions.map(({ url }) => url)).toEqual([location]);
  const rows = await rowsOf('payments', shop.workspace.id);
  expect(rows.map((row) => row.stripe_session_id)).toEqual(sessions.map(({ id }) => id));
}

describe('while Stripe cannot be reached', () => {
  const failures = [
    [500, false],
    [500, true],
    [502, false],
    [503, true],
    [429, false],
    ['network', false],
    ['network', true],
  ] as const;

  it.each(failures)(
    'by %s (after the work was done: %s) the buyer sees a page, and the same form finds its one session',
    async (status, afterCommit) => {
      for (const minutesLater of [0, 6]) {
        const shop = await newWorkspace({ webhook: false });
        const link = await shop.link({ maxPayments: 1, inactiveMessage: 'This sale is over' });
        const { fields } = await openPage(link);
        await failNext(shop, status, afterCommit);
        expectUnavailable(await pageOf(await sendForm(link, fields)));
        expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
        passTime(minutesLater * 60_000);
        const again = await sendForm(link, fields);
        expect([minutesLater, again.status]).toEqual([minutesLater, 303]);
        await expectOneSession(shop, again.headers.get('Location'));
      }
    },
  );

  it('by too many calls, a limited link keeps its place for other buyers: Stripe did nothing', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ maxPayments: 1 });
    const { fields } = await openPage(link);
    await failNext(shop, 429, false);
    expectUnavailable(await pageOf(await sendForm(link, fields)));
    const other = await openPage(link);
    expect((await sendForm(link, other.fields)).status).toBe(303);
  });

  it('refuses what is wrong on our side without blaming the buyer', async () => {
    const link = await (await newWorkspace()).link();
    for (const error of [
      { status: 401 },
      { status: 400, code: 'parameter_unknown' },
      { status: 404, code: 'resource_missing' },
    ]) {
      const { fields } = await openPage(link);
      stripeOf(async () => stripeErrorAnswer(error));
      expectUnavailable(await pageOf(await sendForm(link, fields)));
      vi.restoreAllMocks();
    }
  });
});

describe('a failure that Stripe keeps under the form’s key', () => {
  it('gives the buyer a new form, and the new form a session', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    stripeOf(async (request, real) => {
      if (request.method === 'GET') return await real(request);
      const answer = stripeErrorAnswer({ status: 500, type: 'api_error' });
      answer.headers.set('Idempotent-Replayed', 'true');
      return answer;
    });
    const page = await pageOf(await sendForm(link, fields));
    expect([page.status, page.fields.operation === fields.operation]).toEqual([409, false]);
    vi.restoreAllMocks();
    const response = await sendForm(link, page.fields);
    expect(response.status).toBe(303);
    await expectOneSession(shop, response.headers.get('Location'));
  });
});

describe('an account that Stripe refuses for a moment', () => {
  it('does not give away the place of a session that is open', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ maxPayments: 1 });
    const { fields } = await openPage(link);
    const first = await sendForm(link, fields);
    expect(first.status).toBe(303);
    stripeOf(async () => stripeErrorAnswer({ status: 403, code: 'account_invalid' }));
    expect((await sendForm(link, fields)).status).toBe(503);
    vi.restoreAllMocks();
    const other = await openPage(link);
    expect((await sendForm(link, other.fields)).status).toBe(410);
    await expectOneSession(shop, first.headers.get('Location'));
  });

  it('gives back the place of a session that was never made', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ maxPayments: 1 });
    stripeOf(async () => stripeErrorAnswer({ status: 403, code: 'account_invalid' }));
    expect((await sendForm(link, (await openPage(link)).fields)).status).toBe(503);
    vi.restoreAllMocks();
    expect((await sendForm(link, (await openPage(link)).fields)).status).toBe(303);
  });
});

describe('while the database cannot be reached', () => {
  it('the page and its form are a page that says so', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const bindings = failingD1(env, 'every');
    expectUnavailable(await openPage(link, { bindings }));
    expectUnavailable(await pageOf(await sendForm(link, fields, { bindings })));
    expect(await createRequests(shop.account)).toEqual([]);
  });

  it.each(['before', 'after'] as const)('%s the row was written, the same form finds its one session', async (when) => {
    for (const minutesLater of [0, 6]) {
      const shop = await newWorkspace({ webhook: false });
      const link = await shop.link({ maxPayments: 1 });
      const { fields } = await openPage(link);
      const bindings = failingD1(env, 2, when);
      expectUnavailable(await pageOf(await sendForm(link, fields, { bindings })));
      expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
      passTime(minutesLater * 60_000);
      const again = await sendForm(link, fields);
      expect([minutesLater, again.status]).toEqual([minutesLater, 303]);
      await expectOneSession(shop, again.headers.get('Location'));
    }
  });

  it('a session that was lost and has expired since is not given out again', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await sendForm(link, fields, { bindings: failingD1(env, 2) });
    const [lost] = await stripeSessions(accountOf(shop.account));
    await pay(String(lost?.id), 'expired');
    passTime(10 * 60_000);
    const page = await pageOf(await sendForm(link, fields));
    expect([page.status, page.fields.operation === fields.operation]).toEqual([409, false]);
  });
});

describe('while the gate of a link cannot be reached', () => {
  it('nobody is let past it, and the buyer sees a page', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const LINK_GATE = wrapNamespace(env.LINK_GATE, () => Promise.reject(new Error('Durable Object is overloaded')));
    expectUnavailable(await pageOf(await sendForm(link, fields, { bindings: { LINK_GATE } })));
    expect(await createRequests(shop.account)).toEqual([]);
    expect((await sendForm(link, fields)).status).toBe(303);
  });

  it('after the session is made, the buyer is sent to it all the same', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const { fields } = await openPage(link);
    const LINK_GATE = wrapNamespace(env.LINK_GATE, (method, call) =>
      method === 'takePlace' ? call() : Promise.reject(new Error('Durable Object is overloaded')),
    );
    const response = await sendForm(link, fields, { bindings: { LINK_GATE } });
    expect(response.status).toBe(303);
    await expectOneSession(shop, response.headers.get('Location'));
  });
});

describe('a slow Stripe', () => {
  it('is one session for two impatient clicks', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    await control('POST', '/faults', { account: shop.account, latency_ms: 1500 });
    const responses = await Promise.all([sendForm(link, fields), sendForm(link, fields)]);
    expect(responses.map(({ status }) => status)).toEqual([303, 303]);
    await expectOneSession(shop, responses[0]?.headers.get('Location') ?? null);
  });
});
