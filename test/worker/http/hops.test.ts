import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Hops } from '../../support/hops.ts';
import { callWith } from '../support/api.ts';
import { recordingStores } from '../support/counting.ts';
import { type BindingChanges, fetchWith, losingQueue } from '../support/direct.ts';
import { createKeyed } from '../support/keyed.ts';
import { openPage, payPath, sendForm, visit } from '../support/pay-page.ts';
import { heldEvent, openSession, requestOf } from '../support/payments.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { tripsToFind } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { call, newWorkspace, SESSION } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** How many calls to D1, to the gates and to Stripe a request waits for one after another, and its status. */
async function hopsOf(request: (bindings: BindingChanges) => Promise<Response>) {
  const hops = new Hops();
  stripeOf((asked, real) => hops.record(() => real(asked)));
  const { status } = await request(recordingStores(env, hops));
  return { status, hops: hops.count };
}

describe('before its answer a request waits', () => {
  it('3 hops to read an open session: key, row beside gate, Stripe', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    const read = (bindings: BindingChanges) => callWith(bindings, shop.key, 'GET', `/checkout-sessions/${id}`);
    expect(await hopsOf(read)).toEqual({ status: 200, hops: 3 });
  });

  it('2 hops to read a session that has ended: key, row beside gate', async () => {
    const shop = await newWorkspace();
    const { id } = await openSession(shop);
    await call(shop.key, 'POST', `/checkout-sessions/${id}/expire`);
    const read = (bindings: BindingChanges) => callWith(bindings, shop.key, 'GET', `/checkout-sessions/${id}`);
    expect(await hopsOf(read)).toEqual({ status: 200, hops: 2 });
  });

  it('2 hops to list payment links: key, rows beside gate', async () => {
    const shop = await newWorkspace();
    for (let made = 0; made < 3; made++) await shop.link();
    const list = (bindings: BindingChanges) => callWith(bindings, shop.key, 'GET', '/payment-links');
    expect(await hopsOf(list)).toEqual({ status: 200, hops: 2 });
  });

  it('4 hops to create a session with a key: key, gate, Stripe, row', async () => {
    const shop = await newWorkspace();
    expect(await hopsOf((bindings) => createKeyed(shop, { bindings }))).toEqual({ status: 201, hops: 4 });
  });

  it('4 hops to create a session without a key: key, gate, Stripe, row', async () => {
    const shop = await newWorkspace();
    const create = (bindings: BindingChanges) => callWith(bindings, shop.key, 'POST', '/checkout-sessions', SESSION);
    expect(await hopsOf(create)).toEqual({ status: 201, hops: 4 });
  });

  it('2 hops for the stored answer of a key: key, gate', async () => {
    const shop = await newWorkspace();
    await createKeyed(shop);
    expect(await hopsOf((bindings) => createKeyed(shop, { bindings }))).toEqual({ status: 201, hops: 2 });
  });

  it('1 hop to show a pay page: link with seller', async () => {
    const link = await (await newWorkspace()).link();
    expect(await hopsOf((bindings) => visit(payPath(link.token), { bindings }))).toEqual({ status: 200, hops: 1 });
  });

  it('4 hops to send the form of a pay page: link with seller, gate, Stripe, row', async () => {
    const link = await (await newWorkspace()).link();
    const { fields } = await openPage(link);
    expect(await hopsOf((bindings) => sendForm(link, fields, { bindings }))).toEqual({ status: 303, hops: 4 });
  });

  it('2 hops to take a Stripe event of a paid session, 3 in a further shard: payment, all that changes', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const event = await heldEvent(shop, 'checkout.session.completed');
    const take = (bindings: BindingChanges) => fetchWith({ ...bindings, DELIVERIES: losingQueue() }, requestOf(event));
    expect(await hopsOf(take)).toEqual({ status: 200, hops: tripsToFind(shop) + 1 });
  });
});
