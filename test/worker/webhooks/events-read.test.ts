import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callWith, expectError } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { attempt } from '../support/deliveries.ts';
import { envelope, expectData, seedEvents } from '../support/events.ts';
import { paidQuietly } from '../support/payments.ts';
import { sinkRequests } from '../support/simulator.ts';
import { call, newWorkspace } from '../support/workspace.ts';

describe('an event', () => {
  it('is read and listed to the letter as its deliveries send it', async () => {
    const shop = await newWorkspace();
    const { session, deliveryIds } = await paidQuietly(shop);
    await attempt(deliveryIds);
    const [sent] = (await sinkRequests(shop.sink)).filter(({ body }) => body.includes('payments.payment.succeeded'));
    const body = sent?.body ?? '';
    const { id } = envelope.parse(JSON.parse(body));

    const read = await call(shop.key, 'GET', `/events/${id}`);
    expect([read.status, await read.text()]).toEqual([200, `{"data":${body}}`]);
    const listed = await call(shop.key, 'GET', `/events?type=payments.payment.succeeded&payment_id=${session.id}`);
    expect(await listed.text()).toContain(`{"data":[${body}],"meta":`);
  });

  it('of another workspace is as unknown as one that never was', async () => {
    const [shop, stranger] = [await newWorkspace(), await newWorkspace()];
    const [event] = await seedEvents(shop, 1);
    const id = event?.id ?? '';
    const refusals = [];
    for (const [key, asked] of [
      [stranger.key, id],
      ...['evt_0unknown', id.toUpperCase(), `${id}0`, 'evt_', '1', '%00', '%ff', `${id}%00`, "'", 'x'.repeat(2000)].map(
        (other) => [shop.key, other] as const,
      ),
    ] as const) {
      const error = await expectError(await call(key, 'GET', `/events/${asked}`), 404, 'not_found');
      refusals.push(error.message);
    }
    expect(new Set(refusals).size).toBe(1);
  });

  it('costs one round trip beyond the key', async () => {
    const shop = await newWorkspace();
    const [event] = await seedEvents(shop, 3);
    const database = countingD1(env);
    const read = await expectData(
      envelope,
      await callWith(database.bindings, shop.key, 'GET', `/events/${event?.id}`),
      200,
    );
    expect(read.id).toBe(event?.id);
    expect(database.counts).toMatchObject({ roundTrips: 2, rowsWritten: 0 });
  });
});
