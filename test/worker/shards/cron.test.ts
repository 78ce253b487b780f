import { createExecutionContext, createScheduledController } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../../src/index.ts';
import { accountOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob, runCron } from '../support/direct.ts';
import { openSession, readSession } from '../support/payments.ts';
import { accountRow, MINUTE, poll } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { withoutShard, withSilentShard } from '../support/shard-outage.ts';
import { bindingOf, inEveryDatabase } from '../support/shards.ts';
import { pay, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
  await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A workspace with a session that is paid at Stripe, of which no webhook came, and that the cron is to read now. */
async function unreported(shard: string): Promise<{ shop: TestWorkspace; id: number }> {
  const shop = await newWorkspace({ shard });
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  await takeStripeEvents(accountOf(shop.account));
  await shop.binding.prepare('UPDATE payments SET next_check_at = 0 WHERE id = ?').bind(session.id).run();
  return { shop, id: session.id };
}

const statusOf = async ({ shop, id }: Awaited<ReturnType<typeof unreported>>) => (await readSession(shop, id)).status;

describe('The cron', () => {
  it('runs a further shard in an invocation of its own, through the binding that the runtime makes', async () => {
    const [first, second] = [await unreported('0'), await unreported('1')];
    const counted = countingD1(env);
    const execution = new Proxy(createExecutionContext(), {
      get: (target, name) => (name === 'exports' ? exports : Reflect.get(target, name)),
    });
    await worker.scheduled(createScheduledController(), { ...env, ...counted.bindings }, execution);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['succeeded', 'succeeded']);
    const alone = countingD1({ DB: env.DB });
    await worker.scheduled(createScheduledController(), { ...env, ...alone.bindings }, execution);
    const idle = countingD1(env);
    await worker.scheduled(createScheduledController(), { ...env, ...idle.bindings }, execution);
    // The database of the further shard is asked elsewhere: this invocation counts as many queries as with one shard.
    expect(idle.counts.roundTrips).toBe(alone.counts.roundTrips);
  });

  it('of a shard refuses the name of a shard that has no database', () => {
    expect(() => contextOfJob('sweep', {}, '7')).toThrow('shard 7');
  });

  it.each([
    ['is down', withoutShard],
    ['never answers', withSilentShard],
  ])('of one shard goes on where the other %s', async (_what, broken) => {
    for (const [shard, other] of [
      ['0', '1'],
      ['1', '0'],
    ] as const) {
      const late = await unreported(shard);
      const run = runCron(broken(other));
      await vi.waitUntil(async () => (await statusOf(late)) === 'succeeded', { timeout: 60_000, interval: 500 });
      if (broken === withoutShard) await run;
    }
  });
});

describe('The connections of the cron', () => {
  it.each([
    ['one database', 6, { DB_1: undefined }],
    ['two databases', 3, {}],
  ])(
    'are six for the jobs of all shards together: with %s, a shard reads %i accounts at a time',
    async (_with, most, changes) => {
      for (let made = 0; made < 8; made++) await newWorkspace({ shard: '0' });
      await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
      let [open, highest] = [0, 0];
      stripeOf(async (request, real) => {
        open += 1;
        highest = Math.max(highest, open);
        const answer = await real(request);
        open -= 1;
        return answer;
      });
      await poll(changes, '0');
      expect(highest).toBe(most);
    },
  );
});

describe('Accounts to which Stripe refuses access', () => {
  it('are given up in all shards together: three of a mode in an hour', async () => {
    freezeTime();
    const first = [await newWorkspace({ shard: '0' }), await newWorkspace({ shard: '0' })];
    const second = [await newWorkspace({ shard: '1' }), await newWorkspace({ shard: '1' })];
    const live = await newWorkspace({ shard: '1', mode: 'live' });
    await poll();
    await poll({}, '1');
    const { results } = await env.DB.prepare('SELECT mode FROM platform_accounts ORDER BY mode').all();
    expect(results).toEqual([{ mode: 'live' }, { mode: 'sandbox' }]);
    expect(await bindingOf('1').prepare('SELECT count(*) AS count FROM platform_accounts').first('count')).toBe(0);
    passTime(5 * MINUTE);
    stripeOf(async (request) =>
      new URL(request.url).pathname === '/v1/account'
        ? Response.json({ id: 'acct_platform', object: 'account' })
        : stripeErrorAnswer({ status: 403, code: 'account_invalid', message: 'No access' }),
    );
    await Promise.all([poll(), poll({}, '1')]);
    const isGone = async (shop: TestWorkspace) => (await accountRow(shop)).disconnected_at !== null;
    const gone = await Promise.all([...first, ...second].map(isGone));
    expect(gone.filter(Boolean)).toHaveLength(3);
    expect(await isGone(live)).toBe(true);
    passTime(61 * MINUTE);
    await Promise.all([poll(), poll({}, '1')]);
    expect(await Promise.all([...first, ...second].map(isGone))).toEqual([true, true, true, true]);
  });
});
