import { describe, expect, it } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import {
  changed,
  eventOf,
  everything,
  heldEvent,
  heldEvents,
  openSession,
  readSession,
  sendAll,
} from '../support/payments.ts';
import { control, pay, type SignedEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

async function settled(shop: TestWorkspace): Promise<{ id: number; intent: string }> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  const completed = await heldEvent(shop, 'checkout.session.completed');
  await sendAll([completed]);
  return { id: session.id, intent: String(eventOf(completed).data.object.payment_intent) };
}

describe('A dispute', () => {
  async function dispute(intent: string): Promise<string> {
    const made = await control('POST', `/payment_intents/${intent}/dispute`, {});
    if (typeof made !== 'object' || made === null || !('id' in made)) throw new Error('No dispute was made');
    return String(made.id);
  }

  it.each(['won', 'lost'])('is a row that opens and is %s at last', async (verdict) => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    const disputeId = await dispute(intent);
    const opened = await heldEvents(shop);
    await sendAll([...opened, ...opened]);
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([
      {
        payment_id: id,
        stripe_dispute_id: disputeId,
        status: 'needs_response',
        amount_minor: 4999,
        currency: 'GBP',
        closed_at: null,
      },
    ]);

    await control('POST', `/disputes/${disputeId}/close`, { status: verdict });
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([
      { status: verdict, closed_at: expect.any(Number) },
    ]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.map((entry) => entry.action).filter((action) => String(action).includes('dispute'))).toEqual([
      'payment.dispute.needs_response',
      `payment.dispute.${verdict}`,
    ]);
  });

  it('that is closed stays closed when the event of its opening arrives late', async () => {
    const shop = await newWorkspace();
    const { intent } = await settled(shop);
    const disputeId = await dispute(intent);
    const opened = await heldEvents(shop);
    await control('POST', `/disputes/${disputeId}/close`, { status: 'won' });
    await sendAll([...(await heldEvents(shop)), ...opened]);
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([{ status: 'won' }]);
  });

  it("does not change what the payment's session shows", async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settled(shop);
    await dispute(intent);
    await sendAll(await heldEvents(shop));
    expect(await readSession(shop, id)).toMatchObject({ status: 'succeeded' });
  });

  it("is not taken from another workspace's account", async () => {
    const [shop, stranger] = await Promise.all([newWorkspace({ webhook: false }), newWorkspace({ webhook: false })]);
    const { intent } = await settled(shop);
    await dispute(intent);
    const [opened] = await heldEvents(shop);
    if (!opened) throw new Error('The simulator sent no event');
    const forged = await changed(opened, (content) => {
      content.account = accountOf(stranger.account);
    });
    const before = await everything();
    await sendAll([forged]);
    expect(await everything()).toEqual(before);
  });

  describe('that is still open shows the newest state that Stripe has reported', () => {
    /** The event of the dispute's opening, changed to be so many seconds later and to have another status. */
    const later = (opened: SignedEvent, seconds: number, status: string) =>
      changed(opened, (content) => {
        content.id = `${content.id}${status}${seconds}`;
        content.type = 'charge.dispute.updated';
        content.created += seconds;
        content.data.object.status = status;
      });

    async function opening(shop: TestWorkspace): Promise<SignedEvent> {
      const { intent } = await settled(shop);
      await dispute(intent);
      return await heldEvent(shop, 'charge.dispute.created');
    }

    const statusOf = async (shop: TestWorkspace) => (await rowsOf('disputes', shop.workspace.id))[0]?.status;

    it('when an older one comes late', async () => {
      const shop = await newWorkspace();
      const opened = await opening(shop);
      const reviewed = await later(opened, 10, 'under_review');
      await sendAll([reviewed, opened, await later(opened, 5, 'needs_response')]);
      expect(await statusOf(shop)).toBe('under_review');
      await sendAll([await later(opened, 20, 'needs_response')]);
      expect(await statusOf(shop)).toBe('needs_response');
      const audit = await rowsOf('audit_log', shop.workspace.id);
      expect(audit.map((entry) => entry.action).filter((action) => String(action).includes('dispute'))).toEqual([
        'payment.dispute.under_review',
        'payment.dispute.needs_response',
      ]);
    });

    it('when the newest repeats the status and an older one differs', async () => {
      const shop = await newWorkspace();
      const opened = await opening(shop);
      await sendAll([opened, await later(opened, 20, 'needs_response'), await later(opened, 10, 'under_review')]);
      expect(await statusOf(shop)).toBe('needs_response');
    });

    it.each([[['needs_response', 'under_review']], [['under_review', 'needs_response']]])(
      'when both are of one second: %j',
      async (order) => {
        const shop = await newWorkspace();
        const opened = await opening(shop);
        for (const status of order) await sendAll([await later(opened, 0, status)]);
        expect(await statusOf(shop)).toBe('under_review');
      },
    );

    it('and closes by the event of its end, even one with an older time', async () => {
      const shop = await newWorkspace();
      const opened = await opening(shop);
      await sendAll([await later(opened, 20, 'under_review'), await later(opened, 10, 'lost')]);
      expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([
        { status: 'lost', closed_at: expect.any(Number) },
      ]);
    });
  });
});
