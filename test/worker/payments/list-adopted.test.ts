import { expect, it } from 'vitest';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { heldEvents, openSession, sendAll } from '../support/payments.ts';
import { MINUTE } from '../support/polling.ts';
import { listPayments, type PaymentList } from '../support/refunds.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const idsOf = ({ data }: PaymentList) => data.map(({ id }) => id);

it('a session that was lost and is found later is listed among the payments of its time', async () => {
  const shop = await newWorkspace({ webhook: false });
  const now = Date.now();
  const [before] = await seedPayments(shop, 1, { createdAt: now - MINUTE });
  const lost = await openSession(shop);
  await shop.binding.prepare('DELETE FROM payments WHERE id = ?').bind(lost.id).run();
  const [after] = await seedPayments(shop, 1, { createdAt: now + MINUTE });
  await pay(lost.stripe_session_id, 'paid');
  await sendAll(await heldEvents(shop));

  const all = await listPayments(shop);
  const adopted = all.data.find((payment) => payment.stripe_session_id === lost.stripe_session_id);
  if (!adopted) throw new Error('The session was not adopted');
  expect(idsOf(all)).toEqual([after, adopted.id, before]);
  const from = adopted.created_at;
  const to = toRfc3339(Date.parse(from) + 1000);
  for (const status of ['', '&status=succeeded', '&reference=1042&status=failed']) {
    const expected = status.includes('failed') ? [] : [adopted.id];
    expect(idsOf(await listPayments(shop, `?created_after=${from}&created_before=${to}${status}`))).toEqual(expected);
  }
  expect(idsOf(await listPayments(shop, `?created_after=${to}`))).toEqual([after]);
  expect(idsOf(await listPayments(shop, `?created_before=${from}`))).toEqual([before]);
});
