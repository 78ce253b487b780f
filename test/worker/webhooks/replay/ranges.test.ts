import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliveryIdFor } from '../../../../src/core/derive.ts';
import { expectError, footprint, rowsOf } from '../../support/api.ts';
import { freezeTime } from '../../support/deliveries.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { envelope, expectData, seedDeliveries, seedEvents } from '../../support/events.ts';
import { askReplay, DAY, replay } from '../../support/replays.ts';
import { call, newWorkspace } from '../../support/workspace.ts';

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

const iso = (ms: number) => new Date(ms).toISOString();

describe('The range of a replay', () => {
  it('has both its ends in it, and ends now unless it says otherwise', async () => {
    const shop = await newWorkspace({ webhook: false });
    const at = Date.now() - 60_000;
    const events = await seedEvents(shop, 6, { at, stepMs: 1000 });
    const cases: [{ since: string; until?: string | null }, number, number][] = [
      [{ since: iso(at + 1000), until: iso(at + 3000) }, 1, 4],
      [{ since: iso(at + 1001), until: iso(at + 2999) }, 2, 3],
      [{ since: iso(at + 2000), until: iso(at + 2000) }, 2, 3],
      [{ since: iso(at + 5001) }, 6, 6],
      [{ since: iso(at + 4000), until: null }, 4, 6],
    ];
    for (const [range, from, to] of cases) {
      const endpoint = await addEndpointRow(shop);
      const { woken } = await replay(shop, endpoint.id, range);
      expect([range, woken]).toEqual([range, events.slice(from, to).map(({ id }) => deliveryIdFor(id, endpoint.id))]);
    }
    const local = iso(at + 5 * 3_600_000).replace('Z', '+05:00');
    const endpoint = await addEndpointRow(shop);
    expect((await replay(shop, endpoint.id, { since: local })).queued).toBe(6);
  });

  it('finds an event by the time that its answer shows, which is in whole seconds', async () => {
    const shop = await newWorkspace({ webhook: false });
    const second = Math.floor(Date.now() / 1000) * 1000 - 60_000;
    const events = await seedEvents(shop, 5, { at: second - 1, stepMs: 500 });
    const inside = events.filter(({ at }) => at >= second && at < second + 1000);
    expect(inside).toHaveLength(2);
    const answer = await call(shop.key, 'GET', `/events/${inside[1]?.id}`);
    const { created_at: shown } = await expectData(envelope, answer, 200);
    const endpoint = await addEndpointRow(shop);
    const { woken } = await replay(shop, endpoint.id, { since: shown, until: shown });
    expect(woken).toEqual(inside.map(({ id }) => deliveryIdFor(id, endpoint.id)));
    const exact = await addEndpointRow(shop);
    const until = shown.replace('Z', '.000Z');
    expect((await replay(shop, exact.id, { since: shown, until })).queued).toBe(0);
  });

  it('goes back 30 days and no further', async () => {
    const shop = await newWorkspace({ webhook: false });
    await seedEvents(shop, 1, { at: Date.now() - 30 * DAY - 1 });
    const [edge] = await seedEvents(shop, 1, { at: Date.now() - 30 * DAY });
    const endpoint = await addEndpointRow(shop);
    const { woken } = await replay(shop, endpoint.id, { since: '1970-01-01T00:00:00Z' });
    expect(woken).toEqual([deliveryIdFor(edge?.id ?? '', endpoint.id)]);
  });
});

describe('The status of a replay', () => {
  it.each(['failed', 'succeeded', 'pending'] as const)('%s picks those deliveries and nothing else', async (status) => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const events = await seedEvents(shop, 8);
    const nextAt = Date.now() + 3_600_000;
    const ids = {
      failed: await seedDeliveries(shop, endpoint.id, events.slice(0, 2), { status: 'failed' }),
      succeeded: await seedDeliveries(shop, endpoint.id, events.slice(2, 4), { status: 'succeeded' }),
      pending: await seedDeliveries(shop, endpoint.id, events.slice(4, 6), { status: 'pending', nextAt }),
    };
    expect(await replay(shop, endpoint.id, { status })).toEqual({ queued: 2, woken: ids[status] });
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(6);
  });
});

describe('A replay sends only', () => {
  it('what the endpoint is subscribed to', async () => {
    const shop = await newWorkspace({ webhook: false });
    const failing = await seedEvents(shop, 2, { type: 'payments.payment.failed' });
    const opened = await seedEvents(shop, 2, { type: 'payments.dispute.opened' });
    await seedEvents(shop, 2);
    const endpoint = await addEndpointRow(shop, { events: ['payments.dispute.opened', 'payments.payment.failed'] });
    await seedDeliveries(shop, endpoint.id, failing);
    const { woken } = await replay(shop, endpoint.id);
    expect([...woken].sort()).toEqual([...failing, ...opened].map(({ id }) => deliveryIdFor(id, endpoint.id)).sort());
  });

  it('events, never a ping, and not the news of its own disabling', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [endpoint, other] = [await addEndpointRow(shop), await addEndpointRow(shop)];
    const disabled = (id: string) =>
      seedEvents(shop, 1, { type: 'webhook.endpoint.disabled', data: { webhook_endpoint_id: id } });
    const pings = await seedEvents(shop, 2, { type: 'webhook.ping' });
    await seedDeliveries(shop, endpoint.id, pings);
    await disabled(endpoint.id);
    const [news] = await disabled(other.id);
    const { woken } = await replay(shop, endpoint.id);
    expect(woken).toEqual([deliveryIdFor(news?.id ?? '', endpoint.id)]);
    expect((await replay(shop, endpoint.id, { status: 'failed' })).queued).toBe(0);
  });
});

describe('A replay is refused', () => {
  it.each([
    [{ since: undefined }, ['since']],
    [{ since: null }, ['since']],
    [{ since: '' }, ['since']],
    [{ since: 'yesterday' }, ['since']],
    [{ since: 1_779_213_851 }, ['since']],
    [{ since: '2026-05-19' }, ['since']],
    [{ since: '2026-02-30T00:00:00Z' }, ['since']],
    [{ since: ['2026-05-19T18:04:11Z'] }, ['since']],
    [{ since: { $gt: 0 } }, ['since']],
    [{ since: '9999-12-31T23:59:59Z' }, ['since']],
    [{ since: '2026-05-19T18:04:12Z', until: '2026-05-19T18:04:11Z' }, ['since']],
    [{ until: 'now' }, ['until']],
    [{ until: 0 }, ['until']],
    [{ status: 'lost' }, ['status']],
    [{ status: '*' }, ['status']],
    [{ status: ['failed'] }, ['status']],
    [{ status: '__proto__' }, ['status']],
    [{ since: 'x', until: 'x', status: 'x' }, ['since', 'until', 'status']],
  ])('with %j, and nothing is queued', async (body, paths) => {
    const shop = await newWorkspace({ webhook: false });
    await seedEvents(shop, 2);
    const endpoint = await addEndpointRow(shop);
    const before = await footprint(shop);
    const { response, woken } = await askReplay(shop, endpoint.id, body);
    const { details } = await expectError(response, 400, 'validation_failed');
    expect(details?.map(({ path }) => path)).toEqual(paths);
    expect(details?.every(({ path, message }) => message.includes(path))).toBe(true);
    expect([await footprint(shop), woken]).toEqual([before, []]);
  });

  it('while the endpoint is disabled: enabling sends what it missed', async () => {
    const shop = await newWorkspace({ webhook: false });
    await seedEvents(shop, 2);
    const endpoint = await addEndpointRow(shop, {
      status: 'disabled',
      disabledReason: 'Gone.',
      disabledAt: Date.now(),
    });
    const before = await footprint(shop);
    const { response, woken } = await askReplay(shop, endpoint.id);
    expect((await expectError(response, 409, 'webhook_endpoint_disabled')).message).toContain('/enable');
    expect([await footprint(shop), woken]).toEqual([before, []]);
  });

  it('for an endpoint of another workspace as for one that never was', async () => {
    const [shop, stranger] = [await newWorkspace({ webhook: false }), await newWorkspace()];
    await seedEvents(shop, 2);
    const endpoint = await addEndpointRow(shop);
    const body = { since: iso(Date.now() - DAY) };
    const messages = [];
    for (const [key, id] of [
      [stranger.key, endpoint.id],
      ...['we_0unknown', '%00', "'", `${endpoint.id}x`].map((other) => [shop.key, other] as const),
    ] as const) {
      const response = await call(key, 'POST', `/webhook-endpoints/${id}/replay`, body);
      messages.push((await expectError(response, 404, 'not_found')).message);
    }
    expect(new Set(messages).size).toBe(1);
    const { results } = await shop.binding
      .prepare('SELECT id FROM deliveries WHERE endpoint_id = ?')
      .bind(endpoint.id)
      .all();
    expect(results).toEqual([]);
  });
});
