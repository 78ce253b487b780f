import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { listLinkSessions } from '../../../src/db/payments.ts';
import { callWith } from '../support/api.ts';
import { countingD1, countingNamespace, wrapNamespace } from '../support/counting.ts';
import { expectLink, newLink, patchLink } from '../support/links.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { expectPlace, expectSoldOut } from '../support/places.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { newWorkspace } from '../support/workspace.ts';

/** A link without a limit that has so many payments, and one open session after them. */
async function hotLink(paid: number) {
  const shop = await newWorkspace();
  const link = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000 });
  const row = await shop.binding
    .prepare('SELECT id FROM payment_links WHERE token = ?')
    .bind(link.id)
    .first<{ id: number }>();
  if (!row) throw new Error('The link was made');
  await seedPayments(shop, paid, { paymentLinkId: row.id });
  await expectPlace(shop, link.id);
  return { shop, token: link.id, id: row.id };
}

it('a limit below what is paid reads and sends one part of its sessions, however many payments the link has', async () => {
  for (const paid of [2500, 5000]) {
    const { shop, token, id } = await hotLink(paid);
    const database = countingD1(env);
    const gate = countingNamespace(env.LINK_GATE);
    const path = `/payment-links/${token}`;
    const answer = await callWith({ ...database.bindings, LINK_GATE: gate }, shop.key, 'PATCH', path, {
      max_payments: 5,
    });
    await expectLink(answer);
    expect(gate.calls).toEqual(['markPaid', 'keepPlaces', 'markPaid', 'keepPlaces']);
    expect(database.counts.roundTrips).toBeLessThan(10);
    await expectSoldOut(shop, token);

    const noting = notingD1(env);
    const part = await listLinkSessions(
      openDatabase(bindingOf(shop.shard, noting.bindings)),
      { workspaceId: shop.workspace.id, id },
      { after: 0, limit: 2000 },
    );
    expect(part).toHaveLength(2000);
    expect(await noting.rowsRead()).toBeLessThanOrEqual(4000);
  }
});

it('a limit above what is paid counts all payments and open sessions, in parts that are sent one by one', async () => {
  const { shop, token } = await hotLink(4500);
  const sizes: number[] = [];
  const LINK_GATE = wrapNamespace(env.LINK_GATE, async (method, call) => {
    const answer = await call();
    if (method === 'markPaid') sizes.push(Number(answer));
    return answer;
  });
  const path = `/payment-links/${token}`;
  await expectLink(await callWith({ LINK_GATE }, shop.key, 'PATCH', path, { max_payments: 4502 }));
  expect(sizes.slice(0, 3)).toEqual([2000, 4000, 4500]);
  await expectPlace(shop, token);
  expect(await expectSoldOut(shop, token)).toContain('A place may come back');
  await patchLink(shop, token, { max_payments: 4500 });
  expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
});
