import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { failingD1 } from '../support/counting.ts';
import { deliveriesOf, eventsOf, madeAtStripe, sendQuietly, settledSession } from '../support/merchant-events.ts';
import { changed, eventOf, heldEvents } from '../support/payments.ts';
import { control, type SignedEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const OPENED = 'payments.dispute.opened';
const CLOSED = 'payments.dispute.closed';

/** A dispute that has come to its end at Stripe, of which no event is sent yet. */
async function dispute(shop: TestWorkspace, verdict: 'won' | 'lost' = 'won') {
  const { intent } = await settledSession(shop);
  const id = await madeAtStripe(`/payment_intents/${intent}/dispute`, {});
  const [opened] = (await heldEvents(shop)).filter((event) => eventOf(event).type === 'charge.dispute.created');
  await control('POST', `/disputes/${id}/close`, { status: verdict });
  const [closed] = (await heldEvents(shop)).filter((event) => eventOf(event).type === 'charge.dispute.closed');
  if (!opened || !closed) throw new Error('Stripe sent nothing');
  return { opened, closed };
}

/** The dispute's opening, as of so many seconds later with another status. */
const later = (opened: SignedEvent, seconds: number, status: string) =>
  changed(opened, (content) => {
    content.id = `${content.id}${status}${seconds}`;
    content.type = 'charge.dispute.updated';
    content.created += seconds;
    content.data.object.status = status;
  });

const statuses = async (shop: TestWorkspace) =>
  (await eventsOf(shop, OPENED, CLOSED)).map(({ type, data }) => [type, data.status]);

async function expectBoth(shop: TestWorkspace): Promise<void> {
  expect(await eventsOf(shop, OPENED)).toHaveLength(1);
  expect(await eventsOf(shop, CLOSED)).toHaveLength(1);
  expect(await deliveriesOf(shop, OPENED)).toHaveLength(1);
  expect(await deliveriesOf(shop, CLOSED)).toHaveLength(1);
}

describe('A dispute', () => {
  it('is recorded when it opens and when it ends, and not in between', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop, 'lost');
    await sendQuietly([opened, await later(opened, 1, 'under_review'), await later(opened, 2, 'needs_response')]);
    expect(await statuses(shop)).toEqual([[OPENED, 'needs_response']]);
    await sendQuietly([closed]);
    expect(await statuses(shop)).toEqual([
      [OPENED, 'needs_response'],
      [CLOSED, 'lost'],
    ]);
    await expectBoth(shop);
  });

  it.each(['won', 'lost'] as const)(
    'whose end is sent first is recorded as opened and as %s, once each',
    async (verdict) => {
      const shop = await newWorkspace();
      const { opened, closed } = await dispute(shop, verdict);
      await sendQuietly([closed, opened, closed, await later(opened, 60, 'under_review'), opened]);
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
    await sendQuietly([opened, await later(opened, 5, status), await later(opened, 6, status)]);
    expect((await statuses(shop)).at(-1)).toEqual([CLOSED, status]);
    await expectBoth(shop);
  });

  it('is recorded once when all of it comes at once', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop);
    const reviewed = await later(opened, 5, 'under_review');
    await Promise.all([closed, opened, reviewed, closed, opened, reviewed].map((event) => sendQuietly([event])));
    await expectBoth(shop);
  });

  it('is recorded once wherever the database fails while its end is sent first', async () => {
    for (const nth of [1, 2, 3]) {
      for (const when of ['before', 'after'] as const) {
        const shop = await newWorkspace();
        const { opened, closed } = await dispute(shop);
        expect(await sendQuietly([closed], failingD1(env, nth, when))).toEqual([503]);
        await sendQuietly([closed, opened]);
        await expectBoth(shop);
      }
    }
  });

  it('sent again after its events were pruned is not recorded anew, by an end that a closed one gets again neither', async () => {
    const shop = await newWorkspace();
    const { opened, closed } = await dispute(shop);
    await sendQuietly([opened, closed]);
    await expectBoth(shop);
    await shop.binding.prepare('DELETE FROM events WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await sendQuietly([opened, closed, await later(opened, 90, 'lost')]);
    expect(await statuses(shop)).toEqual([]);
  });

  it('is one of each payment: two disputes are kept apart', async () => {
    const shop = await newWorkspace();
    const [first, second] = [await dispute(shop), await dispute(shop, 'lost')];
    await sendQuietly([first.opened, second.opened, second.closed, first.closed]);
    const events = await eventsOf(shop, OPENED, CLOSED);
    expect(new Set(events.map(({ data }) => data.dispute_id)).size).toBe(2);
    expect(events.map(({ type }) => type)).toEqual([OPENED, OPENED, CLOSED, CLOSED]);
  });
});
