import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rowsOf, type SessionAnswer } from '../support/api.ts';
import { sinkRequests } from '../support/simulator.ts';
import {
  changeAccount,
  closeDispute,
  deliveriesOf,
  dispute,
  newTraveller,
  openSession,
  pay,
  refund,
  runCronAndDeliver,
  sendEvents,
  type Traveller,
  takeEvents,
  travel,
} from '../support/travel.ts';

/** What has happened to one workspace so far. */
class Story {
  readonly traveller: Traveller;
  readonly sessions = new Map<string, SessionAnswer>();
  readonly disputes = new Map<string, string>();

  constructor(traveller: Traveller) {
    this.traveller = traveller;
  }

  async open(reference: string, extra: Record<string, unknown> = {}): Promise<void> {
    this.sessions.set(reference, await openSession(this.traveller, { reference, ...extra }));
  }

  session(reference: string): SessionAnswer {
    const session = this.sessions.get(reference);
    if (!session) throw new Error(`There is no session ${reference}`);
    return session;
  }

  async dispute(reference: string): Promise<void> {
    this.disputes.set(reference, await dispute(this.traveller, this.session(reference)));
  }

  closeDispute(reference: string, status: 'won' | 'lost'): Promise<void> {
    return closeDispute(this.disputes.get(reference) ?? '', status);
  }
}

type Deed = (story: Story) => Promise<void>;

/** By the minute: what buyers, their banks and the merchant do in 48 hours. */
const STORY: ReadonlyMap<number, Deed> = new Map<number, Deed>([
  [
    0,
    async (story) => {
      const link = await story.traveller.shop.link({ maxPayments: 2 });
      for (const reference of ['card', 'card 2', 'bank', 'bank 2', 'nobody']) await story.open(reference);
      for (const reference of ['link 1', 'link 2']) await story.open(reference, { payment_link_token: link.token });
    },
  ],
  [2, (story) => pay(story.session('card'), 'paid')],
  [3, (story) => pay(story.session('bank'), 'processing')],
  [4, (story) => pay(story.session('bank 2'), 'processing')],
  [11, (story) => pay(story.session('card 2'), 'paid')],
  [12, (story) => pay(story.session('link 1'), 'paid')],
  [25, (story) => pay(story.session('link 2'), 'paid')],
  [180, (story) => refund(story.traveller, story.session('card'), 1000)],
  [240, (story) => refund(story.traveller, story.session('card 2'))],
  [300, (story) => story.dispute('link 1')],
  [420, (story) => pay(story.session('bank'), 'processing_succeeded')],
  [480, (story) => pay(story.session('bank 2'), 'processing_failed')],
  [600, (story) => refund(story.traveller, story.session('card'))],
  [1200, (story) => changeAccount(story.traveller, { charges_enabled: false })],
  [1500, (story) => changeAccount(story.traveller, { charges_enabled: true })],
  [1800, (story) => story.closeDispute('link 1', 'lost')],
  [2100, (story) => story.dispute('bank')],
  [2400, (story) => story.open('late')],
  [2410, (story) => pay(story.session('late'), 'paid')],
  [2700, (story) => story.closeDispute('bank', 'won')],
]);

const HOURS_48 = 48 * 60;

/** The minutes at which the clock stops: every five in the first hour and after each deed, else every half hour. */
function stops(): number[] {
  const minutes = new Set<number>([...STORY.keys(), HOURS_48, HOURS_48 + 5, HOURS_48 + 10]);
  for (let minute = 5; minute <= 60; minute += 5) minutes.add(minute);
  for (let minute = 90; minute < HOURS_48; minute += 30) minutes.add(minute);
  for (const minute of STORY.keys()) minutes.add(minute + 6);
  return [...minutes].toSorted((a, b) => a - b);
}

/** A value with every id that differs from run to run replaced by what it is of. */
function without(ids: ReadonlyMap<string, string>, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, member) => {
    if (/^(refund|dispute|stripe_payment_intent)_id$/.test(key)) return typeof member;
    return key === 'payment_id' || typeof member === 'string' ? (ids.get(String(member)) ?? member) : member;
  });
}

/** What is left of a story in the database: all but ids and times. */
async function endState({ sessions, traveller }: Story) {
  const { shop, account } = traveller;
  const [payments, refunds, disputes, accounts, events, links] = await Promise.all(
    ['payments', 'refunds', 'disputes', 'connected_accounts', 'events', 'payment_links'].map((table) =>
      rowsOf(table, shop.workspace.id),
    ),
  );
  const ids = new Map([[account, 'account']]);
  for (const link of links ?? []) ids.set(String(link.token), 'link');
  for (const [reference, session] of sessions) {
    ids.set(String(session.id), reference).set(session.stripe_session_id, `session of ${reference}`);
  }
  const statuses = (history: unknown) => JSON.parse(String(history)).map((step: { status: string }) => step.status);
  const referenceOf = (row: Record<string, unknown>) => ids.get(String(row.payment_id));
  const lines = (rows: Record<string, unknown>[] | undefined, shown: (row: Record<string, unknown>) => unknown) =>
    (rows ?? []).map((row) => JSON.stringify(without(ids, shown(row)))).toSorted();
  return {
    payments: lines(payments, (row) => [row.reference, row.status, row.customer_email, statuses(row.history)]),
    open: (payments ?? []).filter((row) => row.next_check_at !== null).length,
    refunds: lines(refunds, (row) => [referenceOf(row), row.amount_minor, row.currency, row.status, row.reason]),
    disputes: lines(disputes, (row) => [referenceOf(row), row.amount_minor, row.status, row.closed_at !== null]),
    accounts: lines(accounts, (row) => [row.charges_enabled, row.details_submitted, row.disconnected_at]),
    links: lines(links, (row) => [row.title, row.sold_out_at !== null]),
    events: lines(events, (row) => [row.type, JSON.parse(String(row.body)).data]),
    deliveries: await deliveriesOf(traveller),
  };
}

describe('48 hours in which every Stripe event is lost', () => {
  let undisturbed: Story;
  let cutOff: Story;
  let lost = 0;

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    undisturbed = new Story(await newTraveller());
    cutOff = new Story(await newTraveller());
    let at = 0;
    for (const minute of stops()) {
      await travel(minute - at);
      at = minute;
      for (const story of [undisturbed, cutOff]) await STORY.get(minute)?.(story);
      await sendEvents(await takeEvents(undisturbed.traveller));
      lost += (await takeEvents(cutOff.traveller)).length;
      await runCronAndDeliver();
    }
  }, 300_000);

  afterAll(() => {
    vi.useRealTimers();
  });

  it('end as 48 hours in which none was lost: payments, refunds, disputes, accounts, events and deliveries', async () => {
    expect(lost).toBeGreaterThan(50);
    const [expected, found] = [await endState(undisturbed), await endState(cutOff)];
    expect(found).toEqual(expected);
    expect(found).toMatchObject({
      open: 0,
      payments: [
        '["bank 2","failed","ann@example.com",["processing","failed"]]',
        '["bank","succeeded","ann@example.com",["processing","succeeded"]]',
        '["card 2","succeeded","ann@example.com",["succeeded"]]',
        '["card","succeeded","ann@example.com",["succeeded"]]',
        '["late","succeeded","ann@example.com",["succeeded"]]',
        '["link 1","succeeded","ann@example.com",["succeeded"]]',
        '["link 2","succeeded","ann@example.com",["succeeded"]]',
        '["nobody","expired",null,["expired"]]',
      ],
      disputes: ['["bank",4999,"won",true]', '["link 1",5000,"lost",true]'],
      accounts: ['[1,1,null]'],
      links: ['["Studio deposit",true]'],
    });
    expect(found.refunds.map((line) => JSON.parse(line).slice(0, 4))).toEqual([
      ['card 2', 4999, 'GBP', 'succeeded'],
      ['card', 1000, 'GBP', 'succeeded'],
      ['card', 3999, 'GBP', 'succeeded'],
    ]);
  });

  it('still send the merchant every event, once', async () => {
    const types = (await sinkRequests(cutOff.traveller.shop.sink)).map(({ body }) => String(JSON.parse(body).type));
    const counts = Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]));
    expect(counts).toEqual({
      'payments.payment.processing': 2,
      'payments.payment.succeeded': 6,
      'payments.payment.failed': 1,
      'payments.payment.refunded': 3,
      'payments.checkout.expired': 1,
      'payments.dispute.opened': 2,
      'payments.dispute.closed': 2,
      'payments.link.exhausted': 1,
      'payments.account.updated': 2,
    });
    const delivered = await deliveriesOf(cutOff.traveller);
    expect(delivered).toHaveLength(types.length);
    expect(delivered.every((line) => line.endsWith(' succeeded'))).toBe(true);
  });
});
