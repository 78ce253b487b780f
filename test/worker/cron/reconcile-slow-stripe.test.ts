import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { openSession } from '../support/payments.ts';
import { DAY, listsAsked, MINUTE, reconcileOnly, setPayment } from '../support/polling.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const SECOND = 1_000;
const RUN = 20 * SECOND;
const LIST = '/v1/checkout/sessions';

beforeEach(async () => {
  await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** So many paid sessions of one account, due now. Their Stripe events are not sent. */
async function paidAndDue(shop: TestWorkspace, count: number) {
  const sessions = [];
  for (let index = 0; index < count; index++) {
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await setPayment(session.id, 'next_check_at', Date.now() - MINUTE);
    sessions.push(session);
  }
  return sessions;
}

/** Every call to Stripe takes so long; `answer` may answer in its place. Answers the paths asked for. */
function slow(
  ms: number,
  answer: (url: URL, asked: readonly string[]) => Response | URL | null | Promise<null> = () => null,
): string[] {
  const asked: string[] = [];
  stripeOf(async (request, real) => {
    const url = new URL(request.url);
    asked.push(url.pathname);
    passTime(ms);
    const given = await answer(url, asked);
    return given instanceof Response ? given : await real(given ? new Request(given, request) : request);
  });
  return asked;
}

/** A list of other sessions than ours, which never ends. */
function strangersOnly(): (url: URL) => Response | null {
  let pages = 0;
  return (url) => {
    if (url.pathname !== LIST) return null;
    const stranger = { id: `cs_test_stranger_${pages++}`, object: 'checkout.session' };
    return Response.json({ object: 'list', url: LIST, data: [stranger], has_more: true });
  };
}

async function payments(shop: TestWorkspace) {
  const rows = await rowsOf('payments', shop.workspace.id);
  const isOf = (status: string) => (row: (typeof rows)[number]) => row.status === status;
  return { settled: rows.filter(isOf('succeeded')), open: rows.filter(isOf('created')) };
}

const looks = (rows: readonly Record<string, unknown>[]) => rows.map((row) => [row.id, row.checks, row.next_check_at]);

describe('While Stripe is slow, the due sessions of an account', () => {
  it('are read one by one once its list shows only others, and those not reached stay due as before', async () => {
    const shop = await newWorkspace({ webhook: false });
    await paidAndDue(shop, 60);
    const before = looks((await payments(shop)).open);
    const start = Date.now();
    const asked = slow(SECOND, strangersOnly());
    await reconcileOnly();
    expect(Date.now() - start).toBe(RUN);
    expect(asked.filter((path) => path === LIST)).toHaveLength(3);
    const { settled, open } = await payments(shop);
    expect(settled).toHaveLength(17);
    expect(looks(open)).toEqual(before.filter(([id]) => open.some((row) => row.id === id)));
    for (let run = 0; run < 3; run++) await reconcileOnly();
    expect((await payments(shop)).settled).toHaveLength(60);
  });

  it('are settled page by page, and nothing more is asked for at the end of the run', async () => {
    const shop = await newWorkspace({ webhook: false });
    await paidAndDue(shop, 20);
    const before = looks((await payments(shop)).open);
    const asked = slow(8 * SECOND, (url) => {
      if (url.pathname === LIST) url.searchParams.set('limit', '2');
      return url;
    });
    await reconcileOnly();
    expect(asked).toEqual(Array(3).fill(LIST));
    const { settled, open } = await payments(shop);
    // The third page comes after the end: what it shows is left for the next run.
    expect(settled).toHaveLength(4);
    expect(looks(open)).toEqual(before.filter(([id]) => open.some((row) => row.id === id)));
  });

  it('that are checked daily are not put off by a day without being read', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (const { id } of await paidAndDue(shop, 20)) {
      await setPayment(id, 'created_at', Date.now() - 3 * DAY);
      await setPayment(id, 'expires_at', Date.now() - 2 * DAY);
      await setPayment(id, 'checks', 6);
    }
    const before = looks((await payments(shop)).open);
    slow(8 * SECOND);
    await reconcileOnly();
    const { settled, open } = await payments(shop);
    expect(settled).toHaveLength(2);
    expect(looks(open)).toEqual(before.filter(([id]) => open.some((row) => row.id === id)));
    for (let run = 0; run < 9; run++) await reconcileOnly();
    expect((await payments(shop)).open).toEqual([]);
  });

  it('become due again also where it was their last check', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (const { id } of await paidAndDue(shop, 2)) await setPayment(id, 'expires_at', Date.now() - 31 * DAY);
    const before = looks((await payments(shop)).open);
    slow(MINUTE);
    await reconcileOnly();
    const { settled, open } = await payments(shop);
    expect(settled).toHaveLength(1);
    expect(looks(open)).toEqual(before.filter(([id]) => id === open[0]?.id));
  });

  it('do not become due again where they were settled meanwhile', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await paidAndDue(shop, 2);
    const meanwhile: number[] = [];
    slow(MINUTE, async (_url, asked) => {
      const unread = sessions.filter(({ stripe_session_id: id }) => !asked.some((path) => path.endsWith(id)));
      for (const { id } of unread) {
        meanwhile.push(id);
        await setPayment(id, 'status', 'succeeded');
        await setPayment(id, 'next_check_at', null);
      }
      return null;
    });
    await reconcileOnly();
    expect(meanwhile).toHaveLength(1);
    expect((await payments(shop)).settled.map((row) => row.next_check_at)).toEqual([null, null]);
  });
});

describe('The due sessions of many accounts', () => {
  it('stay due as before where the run ends before it reaches their account', async () => {
    const shops = [];
    for (let index = 0; index < 8; index++) {
      const shop = await newWorkspace({ webhook: false });
      await paidAndDue(shop, 1);
      shops.push(shop);
    }
    const due = Date.now() - MINUTE;
    slow(MINUTE);
    await reconcileOnly();
    const all = await Promise.all(shops.map(payments));
    const open = all.flatMap((one) => one.open);
    expect(open.length).toBeGreaterThan(0);
    expect(all.flatMap(({ settled }) => settled)).toHaveLength(8 - open.length);
    expect(open.map((row) => [row.checks, row.next_check_at])).toEqual(open.map(() => [0, due]));
  });
});

describe('The due sessions of different ages', () => {
  it('are looked for each in the window of their own age', async () => {
    const shop = await newWorkspace({ webhook: false });
    const sessions = await paidAndDue(shop, 9);
    for (const [index, { id }] of sessions.entries()) {
      await setPayment(id, 'created_at', Date.now() - Math.floor(index / 3) * DAY);
    }
    await reconcileOnly();
    const windows = (await listsAsked(shop, LIST)).map(({ params }) => JSON.stringify(params.created));
    expect(new Set(windows).size).toBe(3);
    for (const window of windows) {
      const { gte, lte } = JSON.parse(window);
      expect(Number(lte) - Number(gte)).toBeLessThan(3600);
    }
    expect((await payments(shop)).settled).toHaveLength(9);
  });
});
