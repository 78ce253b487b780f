import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callWith, expectError, expectSession, rowsOf, type SessionAnswer } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { expectLink, newLink, patchLink } from '../support/links.ts';
import { ask, expectPlace, expectSoldOut, sessionFor, settle } from '../support/places.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

async function newLamp(max_payments: number | null) {
  const shop = await newWorkspace();
  const { id: token } = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000, max_payments });
  return { shop, token };
}

async function setLimit(shop: TestWorkspace, token: string, max_payments: number | null): Promise<void> {
  await expectLink(await patchLink(shop, token, { max_payments }));
}

/** A buyer who has read the link before `meanwhile` happens, and comes to its gate after it. */
async function comeLate(shop: TestWorkspace, token: string, meanwhile: () => Promise<void>): Promise<Response> {
  let hasHappened = false;
  const LINK_GATE = wrapNamespace(env.LINK_GATE, async (method, call) => {
    if (method === 'takePlace' && !hasHappened) {
      hasHappened = true;
      await meanwhile();
    }
    return await call();
  });
  return await callWith({ LINK_GATE }, shop.key, 'POST', '/checkout-sessions', sessionFor(token));
}

const linkOf = async (shop: TestWorkspace) => (await rowsOf('payment_links', shop.workspace.id))[0];

describe('a buyer who has read the link before its limit was changed', () => {
  it.each([null, 5])('from %s to 1 does not get the place that another buyer has', async (before) => {
    const { shop, token } = await newLamp(before);
    const taken: SessionAnswer[] = [];
    const late = await comeLate(shop, token, async () => {
      await setLimit(shop, token, 1);
      taken.push(await expectPlace(shop, token));
    });
    const { message } = await expectError(late, 409, 'payment_link_sold_out');
    expect(message).toBe('This payment link takes one payment. A place may come back when an open session expires.');
    for (const session of taken) await settle(shop, session, 'paid');
    expect(await linkOf(shop)).toMatchObject({ paid_count: 1, max_payments: 1 });
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
  });

  it.each([null, 5])('from %s to 1 has the only place if they come first', async (before) => {
    const { shop, token } = await newLamp(before);
    await expectSession(await comeLate(shop, token, () => setLimit(shop, token, 1)));
    await expectSoldOut(shop, token);
  });

  it('many times, in the same millisecond too, is counted by the last limit', async () => {
    const { shop, token } = await newLamp(5);
    const late = await comeLate(shop, token, async () => {
      for (const limit of [3, null, 2, 7, 1]) await setLimit(shop, token, limit);
      await expectPlace(shop, token);
    });
    await expectError(late, 409, 'payment_link_sold_out');
  });

  it('does not get a second place of two late buyers, although nobody else came since the change', async () => {
    const { shop, token } = await newLamp(null);
    const answers: number[] = [];
    const first = await comeLate(shop, token, async () => {
      const second = await comeLate(shop, token, () => setLimit(shop, token, 1));
      answers.push(second.status);
    });
    expect([...answers, first.status]).toEqual([201, 409]);
  });

  it('has a place where the limit was raised or removed', async () => {
    for (const after of [2, null]) {
      const { shop, token } = await newLamp(1);
      await expectPlace(shop, token);
      const late = await comeLate(shop, token, async () => {
        await setLimit(shop, token, after);
        await expectPlace(shop, token);
      });
      expect(late.status).toBe(after === null ? 201 : 409);
    }
  });
});

describe('a change of the limit', () => {
  it('that failed after it was written is at the gate once the same request has succeeded', async () => {
    const { shop, token } = await newLamp(null);
    const late = await comeLate(shop, token, async () => {
      let reports = 0;
      const LINK_GATE = wrapNamespace(env.LINK_GATE, async (method, call) => {
        if (method === 'updateLimit' && ++reports === 2) throw new Error('Network connection lost.');
        return await call();
      });
      const path = `/payment-links/${token}`;
      const failed = await callWith({ LINK_GATE }, shop.key, 'PATCH', path, { max_payments: 1 });
      await expectError(failed, 503, 'service_unavailable');
      await setLimit(shop, token, 1);
      await expectSession(await comeLate(shop, token, async () => undefined));
    });
    await expectError(late, 409, 'payment_link_sold_out');
  });

  it('by an older release of the Worker, which knows no versions, is newer too', async () => {
    const { shop, token } = await newLamp(1);
    await setLimit(shop, token, 5);
    const late = await comeLate(shop, token, async () => {
      const change = 'UPDATE payment_links SET max_payments = 1, updated_at = updated_at WHERE token = ?';
      await shop.binding.prepare(change).bind(token).run();
      await expectPlace(shop, token);
    });
    await expectError(late, 409, 'payment_link_sold_out');
  });

  it('keeps the places of sessions that began meanwhile, also where another limit was there before', async () => {
    const { shop, token } = await newLamp(5);
    const calls: string[] = [];
    const LINK_GATE = wrapNamespace(env.LINK_GATE, async (method, call) => {
      if (method === 'keepPlaces') calls.push(method);
      return await call();
    });
    const path = `/payment-links/${token}`;
    await expectLink(await callWith({ LINK_GATE }, shop.key, 'PATCH', path, { max_payments: 2 }));
    expect(calls).toHaveLength(2);
    await expectLink(await callWith({ LINK_GATE }, shop.key, 'PATCH', path, { max_payments: 2, title: 'Desk lamp' }));
    expect(calls).toHaveLength(3);
  });
});

describe('the limit of a link', () => {
  it('can be lowered, raised, removed and set again: each time the gate follows', async () => {
    const { shop, token } = await newLamp(3);
    await expectPlace(shop, token);
    await setLimit(shop, token, 1);
    await expectSoldOut(shop, token);
    await setLimit(shop, token, 2);
    await expectPlace(shop, token);
    await expectSoldOut(shop, token);
    await setLimit(shop, token, null);
    await expectPlace(shop, token);
    await setLimit(shop, token, 3);
    await expectSoldOut(shop, token);
    await setLimit(shop, token, 4);
    expect((await ask(shop, token)).status).toBe(201);
    await expectSoldOut(shop, token);
  });
});
