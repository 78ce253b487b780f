import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { failingD1 } from '../support/counting.ts';
import { changed, eventOf, heldEvents } from '../support/payments.ts';
import { control, type SignedEvent } from '../support/simulator.ts';
import { deliveriesOf, madeAtStripe, paidAndTold, tell, toldTo } from '../support/told.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const OPENED = 'payments.dispute.opened';
const CLOSED = 'payments.dispute.closed';

/** A dispute that has come to its end at Stripe, of which nothing is told yet. */
async function dispute(shop: TestWorkspace, verdict: 'won' | 'lost' = 'won') {
  const { intent } = await paidAndTold(shop);
  const id = await madeAtStripe(`/payment_intents/${intent}/dispute`, {});
  const [opened] = (await heldEvents(shop)).filter((event) => eventOf(event).type === 'charge.dispute.created');
  await control('POST', `/disputes/${id}/close`, { status: verdict });
  const [closed] = (await heldEvents(shop)).filter((event) => eventOf(event).type === 'charge.dispute.closed');
  if (!opened || !closed) throw new Error('Stripe told nothing');
  return { opened, closed };
}

/** The dispute's opening, told as of so many seconds later with another status. */
const later = (opened: SignedEvent, seconds: number, status: string) =>
  changed(opened, (content) => {
    content.id = `${content.id}${status}${seconds}`;
    content.type = 'charge.dispute.updated';
    content.created += seconds;
    content.data.object.status = status;
  });

const statuses = async (shop: TestWorkspace) =>
  (await toldTo(shop, OPENED, CLOSED)).map(({ type, data }) => [type, data.status]);

async function expectBoth(shop: TestWorkspace): Promise<void> {
  expect(await toldTo(shop, OPENED)).toHaveLength(1);
  expect(await toldTo(shop, CLOSED)).toHaveLength(1);
  expect(await deliveriesOf(shop, OPENED)).toHaveLength(1);
  expect(await deliveriesOf(shop, CLOSED)).toHaveLength(1);
}

describe('A dispute', () => {
  it('is told when it opens and when it ends, and not in between', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop, 'lost');
    await tell([opened, await later(opened, 1, 'under_review'), await later(opened, 2, 'needs_response')]);
    expect(await statuses(shop)).toEqual([[OPENED, 'needs_response']]);
    await tell([closed]);
    expect(await statuses(shop)).toEqual([
      [OPENED, 'needs_response'],
      [CLOSED, 'lost'],
    ]);
    await expectBoth(shop);
  });

  it.each(['won', 'lost'] as const)(
    'whose end is told first is told as opened and as %s, once each',
    async (verdict) => {
      const shop = await newWorkspace();
      const { opened, closed } = await dispute(shop, verdict);
      await tell([closed, opened, closed, await later(opened, 60, 'under_review'), opened]);
      expect(await statuses(shop)).toEqual([
        [OPENED, verdict],
        [CLOSED, verdict],
      ]);
      await expectBoth(shop);
    },
  );

  it.each(['warning_closed', 'prevented'])('ends as %s too', async (status) => {
    const shop = await newWorkspace();
    const { opened } = await dispute(shop);
    await tell([opened, await later(opened, 5, status), await later(opened, 6, status)]);
    expect((await statuses(shop)).at(-1)).toEqual([CLOSED, status]);
    await expectBoth(shop);
  });

  it('is told once when all of it comes at once', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop);
    const reviewed = await later(opened, 5, 'under_review');
    await Promise.all([closed, opened, reviewed, closed, opened, reviewed].map((event) => tell([event])));
    await expectBoth(shop);
  });

  it('is told once wherever the database fails while its end is told first', async () => {
    for (const nth of [1, 2, 3]) {
      for (const when of ['before', 'after'] as const) {
        const shop = await newWorkspace();
        const { opened, closed } = await dispute(shop);
        expect(await tell([closed], { DB: failingD1(env.DB, nth, when) })).toEqual([503]);
        await tell([closed, opened]);
        await expectBoth(shop);
      }
    }
  });

  it('told again after its events were pruned is not told anew, by an end that a closed one gets again neither', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop);
    await tell([opened, closed]);
    await expectBoth(shop);
    await env.DB.prepare('DELETE FROM events WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await tell([opened, closed, await later(opened, 90, 'lost')]);
    expect(await statuses(shop)).toEqual([]);
  });

  it('is one of each payment: two disputes are told apart', async () => {
    const shop = await newWorkspace();
    const [first, second] = [await dispute(shop), await dispute(shop, 'lost')];
    await tell([first.opened, second.opened, second.closed, first.closed]);
    const told = await toldTo(shop, OPENED, CLOSED);
    expect(new Set(told.map(({ data }) => data.dispute_id)).size).toBe(2);
    expect(told.map(({ type }) => type)).toEqual([OPENED, OPENED, CLOSED, CLOSED]);
  });
});
