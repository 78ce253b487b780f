import { describe, expect, it } from 'vitest';
import { attachAccount } from '../../../src/domain/accounts/attach-account.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { changed, heldEvents } from '../support/payments.ts';
import { control, type SignedEvent } from '../support/simulator.ts';
import { deliveriesOf, tell, toldTo } from '../support/told.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const UPDATED = 'payments.account.updated';

/** What Stripe says of a change of the account, not told yet. */
async function change(shop: TestWorkspace, content: Record<string, unknown>): Promise<SignedEvent[]> {
  await control('POST', `/accounts/${accountOf(shop.account)}/update`, content);
  return await heldEvents(shop, 'account.updated');
}

async function deauthorize(shop: TestWorkspace): Promise<SignedEvent[]> {
  await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, {});
  return await heldEvents(shop, 'account.application.deauthorized');
}

/** The steps as told: may it charge, and is it connected. */
const steps = async (shop: TestWorkspace) =>
  (await toldTo(shop, UPDATED)).map(({ data }) => [data.charges_enabled, data.connected]);

describe('The connected account', () => {
  it('that goes back and forth is told at every step, each once', async () => {
    const shop = await newWorkspace();
    const told: SignedEvent[] = [];
    for (const charges_enabled of [false, true, false, true]) {
      const events = await change(shop, { charges_enabled });
      told.push(...events);
      await tell([...events, ...events]);
      await Promise.all(events.map((event) => tell([event])));
    }
    const expected = [false, true, false, true].map((enabled) => [enabled, true]);
    expect(await steps(shop)).toEqual(expected);
    await tell(told.toReversed());
    expect(await steps(shop)).toEqual(expected);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(4);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter((entry) => entry.action === 'account.updated')).toHaveLength(4);
  });

  it('that is ready for the first time is told as such', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    await tell(await change(shop, { charges_enabled: true }));
    expect(await toldTo(shop, UPDATED)).toMatchObject([
      { data: { stripe_account_id: shop.account, charges_enabled: true, details_submitted: true, connected: true } },
    ]);
  });

  it('of which something else changes is not told', async () => {
    const shop = await newWorkspace();
    const events = await change(shop, { business_profile: { name: 'Another name' } });
    expect(events).toHaveLength(1);
    await tell([...events, ...events]);
    expect(await toldTo(shop)).toEqual([]);
  });

  it('that is gone is told once, and nothing that comes after it', async () => {
    const shop = await newWorkspace();
    const late = await change(shop, { charges_enabled: false });
    const gone = await deauthorize(shop);
    await Promise.all([...gone, ...gone, ...gone].map((event) => tell([event])));
    await tell([...late, ...gone, ...late]);
    expect(await steps(shop)).toEqual([[false, false]]);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(1);
  });

  it('that is attached again and goes again is told again', async () => {
    const shop = await newWorkspace();
    await tell(await deauthorize(shop));
    const id = accountOf(shop.account);
    await control('POST', '/accounts', { id, livemode: false, charges_enabled: true });
    await attachAccount(await contextOf(shop.workspace), { id, chargesEnabled: true, detailsSubmitted: true });
    const later = (event: SignedEvent) =>
      changed(event, (content) => {
        content.created += 60;
      });
    const again = await Promise.all((await deauthorize(shop)).map(later));
    await tell([...again, ...again]);
    expect(await steps(shop)).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(await deliveriesOf(shop, UPDATED)).toHaveLength(2);
  });
});
