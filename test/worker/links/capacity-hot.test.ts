import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWith } from '../support/api.ts';
import { countingD1, countingNamespace, interruptedD1, wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { expectLink, newLink, patchLink } from '../support/links.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { expectPlace, expectSoldOut, settle } from '../support/places.ts';
import { newWorkspace } from '../support/workspace.ts';

const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A link without a limit that has so many payments and ended sessions, and one open session after them. */
async function hotLink(paid: number) {
  const shop = await newWorkspace();
  const link = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000 });
  const row = await shop.binding
    .prepare('SELECT id FROM payment_links WHERE token = ?')
    .bind(link.id)
    .first<{ id: number }>();
  if (!row) throw new Error('The link was made');
  await seedPayments(shop, paid, { status: 'created', paymentLinkId: row.id });
  await shop.binding.prepare("UPDATE payments SET status = 'succeeded' WHERE payment_link_id = ?").bind(row.id).run();
  await seedPayments(shop, paid, { status: 'expired', paymentLinkId: row.id });
  const open = await expectPlace(shop, link.id);
  return { shop, token: link.id, open };
}

describe('a limit that is set on a link with very many payments', () => {
  it('costs as much as on one with few', async () => {
    for (const change of [-1, 5]) {
      const costs = [];
      for (const paid of [1_000, 10_000]) {
        const { shop, token } = await hotLink(paid);
        const database = countingD1(env);
        const gate = countingNamespace(env.LINK_GATE);
        const body = { max_payments: paid + change };
        const path = `/payment-links/${token}`;
        await expectLink(await callWith({ ...database.bindings, LINK_GATE: gate }, shop.key, 'PATCH', path, body));
        costs.push({ ...database.counts, gateCalls: gate.calls.length });
      }
      // Drawing the id of the audit entry can read one row more.
      expect(costs[1]?.rowsRead).toBeLessThanOrEqual((costs[0]?.rowsRead ?? 0) * 1.1);
      expect({ ...costs[1], rowsRead: null }).toEqual({ ...costs[0], rowsRead: null });
      expect(costs[0]?.rowsRead).toBeLessThan(50);
      expect(costs[0]?.gateCalls).toBeLessThanOrEqual(4);
    }
  });

  it('counts all payments and open sessions: the last place is given once', async () => {
    const { shop, token, open } = await hotLink(4_500);
    await patchLink(shop, token, { max_payments: 4_502 });
    const last = await expectPlace(shop, token);
    expect(await expectSoldOut(shop, token)).toContain('A place may come back');
    await settle(shop, open, 'expired');
    await settle(shop, await expectPlace(shop, token), 'paid');
    await settle(shop, last, 'paid');
    expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
    await patchLink(shop, token, { max_payments: 4_503 });
    await expectPlace(shop, token);
    await expectSoldOut(shop, token);
  });
});

describe('a session that is paid while the limit is set', () => {
  it('is counted once, before and after the limit is written', async () => {
    for (const method of ['updateLimit', 'keepPlaces', 'takePlace']) {
      const { shop, token, open } = await hotLink(10);
      let settled = false;
      const settleOnce = async () => {
        if (settled) return;
        settled = true;
        await settle(shop, open, 'paid');
      };
      const LINK_GATE = wrapNamespace(env.LINK_GATE, async (called, call) => {
        if (called === method) await settleOnce();
        return await call();
      });
      const path = `/payment-links/${token}`;
      await expectLink(await callWith({ LINK_GATE }, shop.key, 'PATCH', path, { max_payments: 12 }));
      await settleOnce();
      await expectPlace(shop, token);
      await expectSoldOut(shop, token);
    }
  });

  it('is counted once between any two queries of the change', async () => {
    for (let trip = 2; trip <= 5; trip++) {
      const { shop, token, open } = await hotLink(10);
      const databases = interruptedD1(env, trip, async () => await settle(shop, open, 'paid'));
      await expectLink(await callWith(databases, shop.key, 'PATCH', `/payment-links/${token}`, { max_payments: 12 }));
      await expectPlace(shop, token);
      await expectSoldOut(shop, token);
    }
  });
});

it('a session that is paid after it had expired is counted, so that its link is not paid once more', async () => {
  const { shop, token, open } = await hotLink(10);
  await patchLink(shop, token, { max_payments: 11 });
  await settle(shop, open, 'expired');
  await shop.binding.prepare("UPDATE payments SET status = 'succeeded' WHERE id = ?").bind(open.id).run();
  expect(
    await shop.binding.prepare('SELECT paid_count FROM payment_links WHERE token = ?').bind(token).first(),
  ).toEqual({
    paid_count: 11,
  });
  await patchLink(shop, token, { max_payments: 11 });
  await expectSoldOut(shop, token);
});

it('a payment whose gate was not told is counted again neither by the next buyer nor 35 minutes later', async () => {
  const { shop, token, open } = await hotLink(10);
  freezeTime();
  await patchLink(shop, token, { max_payments: 12 });
  await shop.binding.prepare("UPDATE payments SET status = 'succeeded' WHERE id = ?").bind(open.id).run();
  await expectPlace(shop, token);
  await expectSoldOut(shop, token);
  passTime(36 * MINUTE);
  await expectSoldOut(shop, token);
});
