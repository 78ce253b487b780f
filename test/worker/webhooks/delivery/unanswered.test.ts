import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookEndpoint } from '../../../../src/db/webhook-endpoints.ts';
import { sweepDeliveries } from '../../../../src/domain/webhooks/delivery/sweep.ts';
import { deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { contextOfJob, hand, handAndFinish, losingQueue } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { playReceivers } from '../../support/receivers.ts';
import { SHARDS } from '../../support/shards.ts';
import { newWorkspace } from '../../support/workspace.ts';

const FIRST = 'softsolz-deliveries';
const RETRIES = 'softsolz-retries';
const ANSWERS_AFTER = 9;

let endpoint: WebhookEndpoint;

beforeEach(async () => {
  freezeTime();
  endpoint = await addEndpointRow(await newWorkspace({ account: 'none', webhook: false }));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** An endpoint that answers 200, each request only when the next one is on its way: it is never without one. */
function slowReceiver() {
  let answer: (response: Response) => void = () => undefined;
  playReceivers([], () => new Promise((resolve) => (answer = resolve)));
  let run: ReturnType<typeof hand> | null = null;
  const finish = async () => {
    answer(new Response('{}'));
    await run?.over();
  };
  const next = async () => {
    await finish();
    run = hand(await waitingFor(endpoint, 1), FIRST);
    await run.answered;
    passTime(1_000);
  };
  return { next, finish };
}

/** The wake-up calls of some deliveries on their way, half of them in each queue, and when each is handed out. */
function callsOf(ids: readonly string[]) {
  let live = ids.map((id, index) => ({ id, at: Date.now() / 1000, queue: index % 2 === 0 ? FIRST : RETRIES }));
  let handed = 0;
  const add = (sent: ReturnType<typeof losingQueue>['sent']) => {
    const ours = sent.filter(({ deliveryId }) => ids.includes(deliveryId));
    live.push(
      ...ours.map(({ deliveryId, delaySeconds }) => ({
        id: deliveryId,
        at: Date.now() / 1000 + (delaySeconds ?? 0),
        queue: RETRIES,
      })),
    );
  };
  const handOut = async () => {
    const due = live.filter(({ at }) => at <= Date.now() / 1000);
    live = live.filter((call) => !due.includes(call));
    for (const { id, queue } of due) {
      handed += 1;
      add((await handAndFinish([id], queue)).retries);
    }
  };
  const sweepUp = async () => {
    const woken = losingQueue();
    for (const shard of SHARDS) await sweepDeliveries(contextOfJob('sweep', { RETRIES: woken }, shard));
    add(woken.sent);
  };
  return { handOut, sweepUp, live: () => live.map(({ id }) => id), handed: () => handed };
}

describe('Behind an endpoint that is well and slow', () => {
  it('each delivery of either queue has one wake-up call, however long it waits', async () => {
    const slow = slowReceiver();
    await slow.next();
    const ids = await waitingFor(endpoint, 4);
    const calls = callsOf(ids);
    for (let second = 0; second < 600; second++) {
      if (second % ANSWERS_AFTER === 0) await slow.next();
      await calls.handOut();
      if (second % 60 === 0) await calls.sweepUp();
      expect(calls.live().toSorted()).toEqual(ids.toSorted());
      passTime(1_000);
    }
    expect(calls.handed()).toBeLessThanOrEqual(20 * ids.length);
    await slow.finish();
    for (const id of ids) expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 0 });
    playReceivers([]);
    passTime(600_000);
    await calls.handOut();
    for (const id of ids) expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' });
    expect(calls.live()).toEqual([]);
  });

  it('of two wake-up calls for one delivery only one goes on', async () => {
    const slow = slowReceiver();
    await slow.next();
    const ids = await waitingFor(endpoint, 1);
    const sent = [];
    for (const queue of [FIRST, RETRIES, FIRST]) sent.push(...(await handAndFinish(ids, queue)).retries);
    expect(sent).toEqual([{ deliveryId: ids[0], delaySeconds: 2 }]);
    await slow.finish();
  });
});

describe('A burst to an endpoint that is well', () => {
  it('is delivered batch beside batch, although each outlasts the patience of its queue', async () => {
    playReceivers([], async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return new Response('{}');
    });
    const ids = await waitingFor(endpoint, 40);
    const runs = [];
    for (let from = 0; from < ids.length; from += 10) {
      const run = hand(ids.slice(from, from + 10), FIRST);
      await run.answered;
      runs.push(run);
    }
    for (const run of runs) await run.over();
    expect(runs.flatMap(({ retries, fresh }) => [...retries, ...fresh])).toEqual([]);
    for (const id of ids) expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });
});

describe('A run that never ends', () => {
  it('keeps others from its endpoint for as long as a run may take, not for good', async () => {
    const { received, timeOut } = playReceivers([endpoint.url]);
    const [first = '', second = ''] = await waitingFor(endpoint, 2);
    const lost = hand([first], FIRST);
    await lost.answered;
    passTime(29_000);
    expect((await handAndFinish([second], RETRIES)).retries).toHaveLength(1);
    expect(received.get(endpoint.url)).toBe(1);
    passTime(31_000);
    const next = hand([second], RETRIES);
    await next.answered;
    expect(received.get(endpoint.url)).toBe(2);
    timeOut();
    await Promise.all([lost.over(), next.over()]);
  });
});
