import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { callWith, expectError } from '../support/api.ts';
import { countingD1, countingNamespace } from '../support/counting.ts';
import { seedPayments, seedRefund } from '../support/payment-rows.ts';
import { openSession } from '../support/payments.ts';
import { expectPayments, listPayments, type PaymentList, paidSession } from '../support/refunds.ts';
import { notingD1 } from '../support/rows-read.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const idsOf = ({ data }: PaymentList) => data.map(({ id }) => id);
const newestFirst = (ids: readonly number[]) => ids.toSorted((one, other) => other - one);

describe('the list of payments', () => {
  it('has what buyers completed, newest first, and not what is open or expired', async () => {
    const shop = await newWorkspace(quiet);
    const link = await shop.link();
    const body = {
      payment_link_token: link.token,
      reference: '1042',
      metadata: { order_id: '7' },
      description: 'Order',
    };
    const first = await paidSession(shop, body);
    await openSession(shop);
    const seeded = [];
    for (const status of ['created', 'expired', 'processing', 'failed']) {
      seeded.push(...(await seedPayments(shop, 1, { status })));
    }
    const page = await listPayments(shop);
    expect(idsOf(page)).toEqual([seeded[3], seeded[2], first.id]);
    expect(page.meta).toEqual({ limit: 50, offset: 0, has_more: false, next_cursor: null });
    expect(page.data[2]).toMatchObject({
      id: first.id,
      status: 'succeeded',
      amount_cents: 5000,
      refunded_cents: 0,
      currency: 'GBP',
      description: 'Order',
      reference: '1042',
      customer_email: 'buyer@example.com',
      metadata: { order_id: '7' },
      payment_link_id: link.id,
      payment_link_token: link.token,
      stripe_session_id: first.stripe_session_id,
      stripe_payment_intent_id: first.intent,
      created_at: first.created_at,
    });
  });

  it('is the workspace’s own: sandbox, live and strangers see nothing of it', async () => {
    const sandbox = await newWorkspace(quiet);
    const live = await newWorkspace({ ...quiet, mode: 'live', pairOf: sandbox });
    const stranger = await newWorkspace(quiet);
    const { token } = await sandbox.link();
    const [id] = await seedPayments(sandbox, 1, { reference: '1042', email: 'ada@example.com' });
    const query = `?reference=1042&customer_email=ada@example.com`;
    expect(idsOf(await listPayments(sandbox, query))).toEqual([id]);
    for (const other of [live, stranger]) {
      expect(idsOf(await listPayments(other))).toEqual([]);
      expect(idsOf(await listPayments(other, query))).toEqual([]);
      expect(idsOf(await listPayments(other, `?payment_link=${token}`))).toEqual([]);
    }
  });
});

describe('the filter', () => {
  let shop: TestWorkspace;
  const ids: Record<string, number> = {};
  beforeAll(async () => {
    shop = await newWorkspace(quiet);
    const link = await shop.link();
    ids.link = link.id;
    const seed = async (name: string, as: Parameters<typeof seedPayments>[2]) => {
      const [id] = await seedPayments(shop, 1, { createdAt: Date.parse('2026-03-01T00:00:00Z') - 1, ...as });
      ids[name] = id ?? 0;
    };
    await seed('processing', { status: 'processing' });
    await seed('failed', { status: 'failed', reference: 'A-1' });
    await seed('paid', { reference: 'a-1', email: 'Ada@Example.com' });
    await seed('refunded', { email: 'ada@example.com', paymentLinkId: link.id });
    await seed('partial', { reference: 'A-1', paymentLinkId: link.id });
    await seed('cameBack', { createdAt: Date.parse('2026-04-01T00:00:00Z') - 1 });
    await seedRefund(shop, ids.refunded ?? 0, 3000);
    await seedRefund(shop, ids.refunded ?? 0, 1999, 'pending');
    await seedRefund(shop, ids.partial ?? 0, 4998);
    await seedRefund(shop, ids.cameBack ?? 0, 4999, 'failed');
    await seedRefund(shop, ids.cameBack ?? 0, 4999, 'canceled');
  });

  const names = async (query: string) => {
    const named = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
    return idsOf(await listPayments(shop, query)).map((id) => named.get(id));
  };

  it('status goes by what is shown', async () => {
    expect(await names('?status=processing')).toEqual(['processing']);
    expect(await names('?status=failed')).toEqual(['failed']);
    expect(await names('?status=succeeded')).toEqual(['cameBack', 'paid']);
    expect(await names('?status=refunded')).toEqual(['refunded']);
    expect(await names('?status=partially_refunded')).toEqual(['partial']);
    for (const status of ['processing', 'failed', 'succeeded', 'refunded', 'partially_refunded']) {
      const { data } = await listPayments(shop, `?status=${status}`);
      expect(new Set(data.map((payment) => payment.status))).toEqual(new Set([status]));
    }
  });

  it('reference is exact, case and all', async () => {
    expect(await names('?reference=A-1')).toEqual(['partial', 'failed']);
    expect(await names('?reference=a-1')).toEqual(['paid']);
    for (const none of ['A', 'A-1%20', 'A-%', 'null', 'x'.repeat(500)]) {
      expect([none, await names(`?reference=${none}`)]).toEqual([none, []]);
    }
  });

  it('customer_email is exact, whatever its case', async () => {
    for (const email of ['ada@example.com', 'ADA@EXAMPLE.COM']) {
      expect(await names(`?customer_email=${email}`)).toEqual(['refunded', 'paid']);
    }
    for (const none of ['ada@example.co', '%@example.com', "'or'1=1--@example.com"]) {
      expect([none, await names(`?customer_email=${encodeURIComponent(none)}`)]).toEqual([none, []]);
    }
  });

  it('payment_link is the token of an own link, else nothing is found', async () => {
    const token = await shop.binding
      .prepare('SELECT token FROM payment_links WHERE id = ?')
      .bind(ids.link)
      .first('token');
    expect(await names(`?payment_link=${token}`)).toEqual(['partial', 'refunded']);
    const foreign = await (await newWorkspace(quiet)).link();
    for (const none of [foreign.token, 'lnk_00000000000000000000x']) {
      expect([none, await names(`?payment_link=${none}`)]).toEqual([none, []]);
    }
  });

  it('created_after includes its moment, created_before does not', async () => {
    const march = '2026-03-01T00:00:00Z';
    const april = '2026-04-01T00:00:00Z';
    expect(await names(`?created_after=${april}`)).toEqual(['cameBack']);
    expect(await names(`?created_before=${march}`)).toEqual([]);
    expect(await names(`?created_after=${march}&created_before=${april}`)).toHaveLength(5);
    expect(await names(`?created_after=2026-04-01T02:00:00%2B02:00`)).toEqual(['cameBack']);
    expect(await names(`?created_after=${april}&created_before=${march}`)).toEqual([]);
  });

  it('all of them together leave what passes each', async () => {
    expect(await names('?reference=A-1&status=failed')).toEqual(['failed']);
    expect(await names('?reference=A-1&status=succeeded')).toEqual([]);
    expect(await names('?customer_email=ada@example.com&reference=a-1')).toEqual(['paid']);
  });

  it('is 400 with all its faults where it cannot be read; members nobody knows are ignored', async () => {
    const wrong: [string, string[]][] = [
      ...['', 'created', 'expired', 'Succeeded', 'succeeded,failed', 'x', '%00'].map((status): [string, string[]] => [
        `?status=${status}`,
        ['status'],
      ]),
      ...['', 'ada', '@example.com', 'ada@example', 'x'.repeat(5000), '%00', "' OR 1=1 --"].map(
        (email): [string, string[]] => [`?customer_email=${email}`, ['customer_email']],
      ),
      ...['', 'lnk_', 'LNK_00000000000000000000X', '17', 'null'].map((link): [string, string[]] => [
        `?payment_link=${link}`,
        ['payment_link'],
      ]),
      ['?reference=%E2%80%8B', ['reference']],
      ...[
        '',
        'yesterday',
        '2026-03-01 00:00:00Z',
        '2026-03-01',
        '2026-02-30T00:00:00Z',
        '1770000000',
        '2026-03-01T00:00:00',
      ].map((time): [string, string[]] => [`?created_after=${time}`, ['created_after']]),
      [
        '?limit=0&cursor=x&status=x&created_after=x&created_before=x',
        ['status', 'created_after', 'created_before', 'limit', 'cursor'],
      ],
    ];
    for (const [query, paths] of wrong) {
      const { details } = await expectError(await call(shop.key, 'GET', `/payments${query}`), 400, 'validation_failed');
      expect([query, details?.map(({ path }) => path)]).toEqual([query, paths]);
      expect(details?.every(({ path, message }) => message.includes(path))).toBe(true);
    }
    expect(await names('?workspace_id=x&tenant_id=y&livemode=true')).toHaveLength(6);
  });
});

describe('a page', () => {
  it.each([1, 7, 24, 25, 26])('of %i leads by cursor to every payment once', async (limit) => {
    const shop = await newWorkspace(quiet);
    const ids = await seedPayments(shop, 25, { reference: 'r' });
    for (const filter of ['', '&reference=r', '&status=succeeded']) {
      const seen: number[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: PaymentList = await listPayments(shop, `?limit=${limit}${filter}${cursor && `&cursor=${cursor}`}`);
        expect(page.meta.has_more).toBe(page.meta.next_cursor !== null);
        seen.push(...idsOf(page));
        cursor = page.meta.next_cursor;
      }
      expect(seen).toEqual(newestFirst(ids));
    }
  });

  it('by offset says whether there is more', async () => {
    const shop = await newWorkspace(quiet);
    const ids = newestFirst(await seedPayments(shop, 5));
    expect(idsOf(await listPayments(shop, '?limit=2&offset=2'))).toEqual(ids.slice(2, 4));
    expect((await listPayments(shop, '?limit=2&offset=2')).meta).toMatchObject({ offset: 2, has_more: true });
    expect((await listPayments(shop, '?limit=2&offset=3')).meta).toMatchObject({ has_more: false, next_cursor: null });
  });
});

describe('a page costs', () => {
  /** What one page cost: round trips, rows read, calls to the gate; and how SQLite found its rows. */
  async function costOf(shop: TestWorkspace, query: string) {
    const noting = notingD1(env);
    const database = countingD1(noting.bindings);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const bindings = { ...database.bindings, WORKSPACE_GATE: gate };
    const page = await expectPayments(await callWith(bindings, shop.key, 'GET', `/payments${query}`));
    const { roundTrips, rowsWritten } = database.counts;
    const cost = { roundTrips, rowsWritten, rowsRead: await noting.rowsRead(), gate: gate.calls };
    return { page, cost, plan: () => noting.plan() };
  }

  /** The sizes of 100 pages of 5; where all else is the same, most of them are passed over in larger ones. */
  const EVERY_PAGE = Array<number>(100).fill(5);
  const FIRST_AND_LAST = [5, 5, 5, 100, 100, 100, 100, 65, 5, 5, 5, 5];

  it('two round trips and one call to the gate, and as many rows on page 1 as on page 100', async () => {
    const [shop, neighbour] = [await newWorkspace(quiet), await newWorkspace(quiet)];
    const link = await shop.link();
    await seedPayments(neighbour, 500, { reference: 'r', email: 'ada@example.com' });
    await seedPayments(shop, 500, { reference: 'r', email: 'ada@example.com', paymentLinkId: link.id });
    await seedPayments(neighbour, 500, { reference: 'r', email: 'ada@example.com' });
    const filters = ['', '&reference=r', '&customer_email=ADA@example.com', `&payment_link=${link.token}`];
    for (const filter of filters) {
      const costs = [];
      let cursor: string | null = '';
      for (const limit of filter === '' ? EVERY_PAGE : FIRST_AND_LAST) {
        const { page, cost } = await costOf(shop, `?limit=${limit}${filter}${cursor && `&cursor=${cursor}`}`);
        expect(page.data).toHaveLength(limit);
        if (limit === 5) costs.push(cost);
        cursor = page.meta.next_cursor;
      }
      expect(cursor).toBeNull();
      const [first] = costs;
      expect(first).toMatchObject({ roundTrips: 2, rowsWritten: 0, gate: ['admit'] });
      expect([filter, first?.rowsRead]).toEqual([filter, expect.any(Number)]);
      // Six rows and their index entries, each with its link and a look at its refunds, and the key.
      expect(first?.rowsRead).toBeLessThanOrEqual(6 * 4 + 8);
      // The last page has no row beyond it to look at.
      for (const cost of costs.slice(1, -1)) expect([filter, cost]).toEqual([filter, first]);
      expect(costs.at(-1)?.rowsRead).toBeLessThanOrEqual(first?.rowsRead ?? 0);
    }
  });

  it.each([
    ['', ['payments_list']],
    ['?status=succeeded', ['payments_list']],
    ['?status=refunded', ['refunds_list']],
    ['?status=failed', ['payments_failed']],
    ['?status=processing', ['payments_processing']],
    ['?created_after=2026-03-01T00:00:00Z', ['payments_list']],
    ['?reference=r', ['payments_reference']],
    ['?reference=r&status=partially_refunded', ['payments_reference', 'refunds_list']],
    ['?customer_email=ada@example.com', ['payments_customer']],
    ['?customer_email=ada@example.com&status=failed', ['payments_customer', 'payments_failed']],
    ['?payment_link=lnk_0abcdefghijklmnopqrst', ['payments_link_list']],
    [
      '?payment_link=lnk_0abcdefghijklmnopqrst&status=processing&created_before=2026-03-01T00:00:00Z',
      ['payments_processing', 'payments_link_list'],
    ],
  ])('%s: one entry after the other of %j alone, each with its payment, and nothing sorted', async (query, indexes) => {
    const shop = await newWorkspace(quiet);
    const { page } = await costOf(shop, '');
    expect(page.data).toEqual([]);
    for (const cursor of ['', (await cursorOf()).toString()]) {
      const joined = cursor === '' ? query : `${query === '' ? '?' : `${query}&`}cursor=${cursor}`;
      const plan = await (await costOf(shop, joined)).plan();
      const entries = plan.filter((line) => /\bentry\b/.test(line));
      expect(entries).toEqual(
        indexes.map((index) => expect.stringMatching(`SEARCH entry USING (COVERING )?INDEX ${index} \\(.+id<\\?`)),
      );
      const ofPayments = plan.filter((line) => /^(SEARCH|SCAN) payments\b/.test(line));
      expect(ofPayments).toEqual([expect.stringContaining('USING INTEGER PRIMARY KEY (rowid=?)')]);
      expect(plan.filter((line) => /^SCAN (?!CONSTANT|walk|entries)|TEMP B-TREE/.test(line))).toEqual([]);
      expect(plan.some((line) => line.includes('refunds_list'))).toBe(true);
    }
  });

  async function cursorOf(): Promise<string> {
    const shop = await newWorkspace(quiet);
    await seedPayments(shop, 2);
    return String((await listPayments(shop, '?limit=1')).meta.next_cursor);
  }
});
