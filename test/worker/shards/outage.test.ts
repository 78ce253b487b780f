import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CRON_JOBS } from '../../../src/cron/jobs.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, callWith, rowsOf } from '../support/api.ts';
import { deliveryRow, freezeTime, passTime } from '../support/deliveries.ts';
import { consume, fetchWith, losingQueue } from '../support/direct.ts';
import { askDrift, clearDrift, overdue } from '../support/drift.ts';
import { sendQuietly, settledSession } from '../support/merchant-events.ts';
import { tapPay } from '../support/pay-page.ts';
import { heldEvent, openSession, paidQuietly, readSession } from '../support/payments.ts';
import { cron, HOUR, MINUTE } from '../support/polling.ts';
import { withoutShard, withSilentShard } from '../support/shard-outage.ts';
import { control, pay, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

let errors: string[] = [];

beforeEach(() => {
  errors = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void errors.push(String(line)));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const down = withoutShard('1');
const both = async () => [await newWorkspace({ shard: '0' }), await newWorkspace({ shard: '1' })] as const;
const statusOf = async (shop: TestWorkspace, id: number) => (await readSession(shop, id)).status;

/** A session that is paid at Stripe, and the event that says so. */
async function paidAtStripe(shop: TestWorkspace) {
  const { id, stripe_session_id } = await openSession(shop);
  await pay(stripe_session_id, 'paid');
  return { id, event: await heldEvent(shop, 'checkout.session.completed') };
}

describe('While one shard is down', () => {
  it('the API of the other works, and that of its workspaces is answered 503', async () => {
    const [up, shop] = await both();
    const statuses = [up, shop].map(
      async ({ key }) => (await callWith(down, key, 'POST', '/checkout-sessions', SESSION)).status,
    );
    expect(await Promise.all(statuses)).toEqual([201, 503]);
  });

  it('Stripe sends its events again, and those of the other shard are applied', async () => {
    const [up, shop] = await both();
    const [first, second] = [await paidAtStripe(up), await paidAtStripe(shop)];
    expect(await sendQuietly([first.event, second.event], down)).toEqual([200, 503]);
    expect(await statusOf(up, first.id)).toBe('succeeded');
    expect(await statusOf(shop, second.id)).toBe('created');
    expect(await sendQuietly([second.event])).toEqual([200]);
    expect(await statusOf(shop, second.id)).toBe('succeeded');
  });

  it('the cron settles what it can: the other shard is no later than ever', async () => {
    freezeTime();
    const [up, shop] = await both();
    const ids = [];
    for (const one of [up, shop]) {
      ids.push((await paidAtStripe(one)).id);
      await takeStripeEvents(accountOf(one.account));
    }
    const [first = 0, second = 0] = ids;
    passTime(6 * MINUTE);
    await cron(down);
    expect(await statusOf(up, first)).toBe('succeeded');
    const failed = errors.filter((line) => line.includes('cron job failed'));
    // All but the one for secrets under an older key: there is only one key.
    expect(failed).toHaveLength(CRON_JOBS.length - 1);
    expect(failed.filter((line) => line.includes('"shard":"1"'))).toEqual(failed);
    await cron(withoutShard('0'));
    expect(await statusOf(shop, second)).toBe('succeeded');
  });

  it('only its own messages of a queue batch come again', async () => {
    const [up, shop] = await both();
    const [first = '', second = ''] = [
      (await paidQuietly(up)).deliveryIds[0],
      (await paidQuietly(shop)).deliveryIds[0],
    ];
    const result = await consume([first, second], { ...down, RETRIES: losingQueue() });
    expect(result).toEqual({ acked: ['message-0'], retried: ['message-1'] });
    expect(await deliveryRow(first)).toMatchObject({ status: 'succeeded' });
    expect(await deliveryRow(second)).toMatchObject({ status: 'pending', attempt_count: 0 });
    expect(await consume([second], { RETRIES: losingQueue() })).toEqual({ acked: ['message-0'], retried: [] });
    expect(await deliveryRow(second)).toMatchObject({ status: 'succeeded' });
  });

  it('/health/drift is 503, names it, and still shows the figures of the other', async () => {
    await clearDrift();
    await overdue(2, Date.now() - 90_000, 1);
    const { status, data } = await askDrift(down);
    expect(status).toBe(503);
    expect(data).toMatchObject({
      over: [],
      deliveries_overdue: { count: 2 },
      shards: [
        { shard: '0', answers: true },
        { shard: '1', answers: false },
      ],
    });
  });

  it('/health?deep=1 is 503 and names it', async () => {
    const response = await fetchWith(down, new Request(`${SIMULATED.variables.PUBLIC_URL}/health?deep=1`));
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('shard 1');
  });
});

describe('While the first shard is down', () => {
  const firstDown = withoutShard('0');

  it('the API of the other works, and Stripe events about what its workspaces made are applied', async () => {
    const [up, shop] = await both();
    const [first, second] = [await paidAtStripe(up), await paidAtStripe(shop)];
    expect((await callWith(firstDown, shop.key, 'POST', '/checkout-sessions', SESSION)).status).toBe(201);
    expect(await sendQuietly([first.event, second.event], firstDown)).toEqual([503, 200]);
    expect(await statusOf(shop, second.id)).toBe('succeeded');
    expect(await sendQuietly([first.event])).toEqual([200]);
    expect(await statusOf(up, first.id)).toBe('succeeded');
  });

  it('Stripe events that only the directory can place come again', async () => {
    const [, shop] = await both();
    const { intent } = await settledSession(shop);
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    const event = await heldEvent(shop, 'charge.dispute.created');
    expect(await sendQuietly([event], firstDown)).toEqual([503]);
    expect(await sendQuietly([event])).toEqual([200]);
    expect(await rowsOf('disputes', shop.workspace.id)).toHaveLength(1);
  });

  it('the pay pages of the other take payments, and its merchants get their webhooks', async () => {
    const [, shop] = await both();
    const answer = await tapPay(await shop.link(), {}, { bindings: firstDown });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, expect.stringContaining('/c/')]);
    const [delivery = ''] = (await paidQuietly(shop)).deliveryIds;
    const result = await consume([delivery], { ...firstDown, RETRIES: losingQueue() });
    expect(result).toEqual({ acked: ['message-0'], retried: [] });
    expect(await deliveryRow(delivery)).toMatchObject({ status: 'succeeded' });
  });

  it('no figure of /health/drift is shown if the other is down too', async () => {
    const none = { ...withoutShard('0'), DB_1: withoutShard('1').DB_1 };
    expect((await fetchWith(none, new Request(`${SIMULATED.variables.PUBLIC_URL}/health?deep=1`))).status).toBe(503);
    const request = new Request(`${SIMULATED.variables.PUBLIC_URL}/health/drift`, {
      headers: { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` },
    });
    expect((await fetchWith(none, request)).status).toBe(503);
  });
});

describe('While one shard hangs', () => {
  it.each(['0', '1'])('operators are answered, and told that it is the shard %s', async (shard) => {
    const [up, shop] = await both();
    const asked = shard === '0' ? shop : up;
    const silent = withSilentShard(shard);
    await clearDrift();
    const headers = { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` };
    const ask = (path: string) =>
      fetchWith(silent, new Request(`${SIMULATED.variables.PUBLIC_URL}${path}`, { headers }));
    const [drift, deep, found, unknown] = await Promise.all([
      askDrift(silent),
      ask('/health?deep=1'),
      ask(`/operators/workspaces/${asked.workspace.id}/requests`),
      ask('/operators/workspaces/nobody/requests'),
    ]);
    expect(drift).toMatchObject({ status: 503, data: { shards: expect.arrayContaining([{ shard, answers: false }]) } });
    expect([deep.status, found.status, unknown.status]).toEqual([503, 200, 503]);
    expect(await deep.text()).toContain(`shard ${shard}`);
    expect(await unknown.text()).toContain(`shard ${shard}`);
  });
});

describe('Figures of several shards', () => {
  beforeEach(clearDrift);

  it('are added up, and the oldest time is taken', async () => {
    freezeTime();
    const [up, shop] = await both();
    const [older, newer] = [Date.now() - 2 * HOUR, Date.now() - HOUR];
    const insert = 'INSERT INTO quarantined_stripe_events VALUES (?, ?, 0, ?, ?, ?, ?, NULL)';
    const rest = ['acct_x', 'charge.refunded', 'amount_differs', '{}'];
    await up.binding
      .prepare(insert)
      .bind('evt_newer', ...rest, newer)
      .run();
    await shop.binding
      .prepare(insert)
      .bind('evt_older', ...rest, older)
      .run();
    const { data } = await askDrift();
    expect(data.quarantine).toMatchObject({
      count: 2,
      oldest_received_at: `${new Date(older).toISOString().slice(0, 19)}Z`,
      latest: [{ id: 'evt_newer' }, { id: 'evt_older' }],
    });
    expect(await rowsOf('payments', up.workspace.id)).toEqual([]);
    expect(env.DB).not.toBe(shop.binding);
  });
});
