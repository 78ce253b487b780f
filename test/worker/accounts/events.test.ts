import { describe, expect, it } from 'vitest';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { deliveriesOf, eventsOf, sendQuietly } from '../support/merchant-events.ts';
import { changed, heldEvents } from '../support/payments.ts';
import { control, type SignedEvent } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const UPDATED = 'payments.account.updated';

/** Stripe's events of a change of the account, not sent yet. */
async function change(shop: TestWorkspace, content: Record<string, unknown>): Promise<SignedEvent[]> {
  await control('POST', `/accounts/${accountOf(shop.account)}/update`, content);
  return await heldEvents(shop, 'account.updated');
}

async function deauthorize(shop: TestWorkspace): Promise<SignedEvent[]> {
  await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, {});
  return await heldEvents(shop, 'account.application.deauthorized');
}

/** The steps as recorded: may it charge, and is it connected. */
const steps = async (shop: TestWorkspace) =>
  (await eventsOf(shop, UPDATED)).map(({ data }) => [data.charges_enabled, data.connected]);

describe('The connected account', () => {
  it('that goes back and forth is recorded at every step, each once', async () => {
    const shop = await newWorkspace();
    const sent: SignedEvent[] = [];
    for (const charges_enabled of [false, true, false, true]) {
      const events = await change(shop, { charges_enabled });
      sent.push(...events);
      await sendQuietly([...events, ...events]);
      await Promise.all(events.map((event) => sendQuietly([event])));
    }
    const expected = [false, true, false, true].map((enabled) => [enabled, true]);
    expect(await steps(shop)).toEqual(expected);
    await sendQuietly(sent.toReversed());
    expect(await steps(shop)).toEqual(expected);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(4);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter((entry) => entry.action === 'account.updated')).toHaveLength(4);
  });

  it('is recorded once for a change that ten Workers read at the same time', async () => {
    const shop = await newWorkspace();
    const [event] = await change(shop, { charges_enabled: false });
    if (!event) throw new Error('Stripe sent no event');
    await Promise.all(Array.from({ length: 10 }, () => sendQuietly([event])));
    expect(await steps(shop)).toEqual([[false, true]]);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(1);
  });

  it('that is ready for the first time is recorded as such', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    await sendQuietly(await change(shop, { charges_enabled: true }));
    expect(await eventsOf(shop, UPDATED)).toMatchObject([
      { data: { stripe_account_id: shop.account, charges_enabled: true, details_submitted: true, connected: true } },
    ]);
  });

  it('of which something else changes is not recorded', async () => {
    const shop = await newWorkspace();
    const events = await change(shop, { business_profile: { name: 'Another name' } });
    expect(events).toHaveLength(1);
    await sendQuietly([...events, ...events]);
    expect(await eventsOf(shop)).toEqual([]);
  });

  it('that is gone is recorded once, and nothing that comes after it', async () => {
    const shop = await newWorkspace();
    const late = await change(shop, { charges_enabled: false });
    const gone = await deauthorize(shop);
    await Promise.all([...gone, ...gone, ...gone].map((event) => sendQuietly([event])));
    await sendQuietly([...late, ...gone, ...late]);
    expect(await steps(shop)).toEqual([[false, false]]);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(1);
  });

  it('that is attached again and goes again is recorded again', async () => {
    const shop = await newWorkspace();
    await sendQuietly(await deauthorize(shop));
    const id = accountOf(shop.account);
    await control('POST', '/accounts', { id, livemode: false, charges_enabled: true });
    await attachAccount(await contextOf(shop.workspace), plainAccount(id, true));
    const later = (event: SignedEvent) =>
      changed(event, (content) => {
        content.created += 60;
      });
    const again = await Promise.all((await deauthorize(shop)).map(later));
    await sendQuietly([...again, ...again]);
    expect(await steps(shop)).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(2);
  });
});
