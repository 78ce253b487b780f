import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { openPage, pageOf, sendForm, tapPay } from '../support/pay-page.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { closed } = en;

beforeEach(freezeTime);
afterEach(() => void vi.useRealTimers());

/** Stripe's word on what became of the newest session. */
async function settle(shop: TestWorkspace, outcome: 'paid' | 'expired' | 'processing_failed'): Promise<void> {
  const row = (await rowsOf('payments', shop.workspace.id)).at(-1);
  await pay(String(row?.stripe_session_id), outcome);
  await deliverStripeEvents(accountOf(shop.account));
}

/** The answer to a buyer who presses the button, or the page where there is none. */
async function open(link: { token: string }) {
  const shown = await openPage(link);
  return shown.action === null ? shown : await pageOf(await sendForm(link, shown.fields));
}

async function tryToBuy(link: { token: string }) {
  const page = await open(link);
  return [page.status, page.text.includes(closed.sold_out.title), page.text.includes(closed.sold_out_held.title)];
}

const SENT = [303, false, false];
const SOLD_OUT = [410, true, false];
const HELD = [410, false, true];

describe('a link with one place', () => {
  it('lets one of fifty simultaneous buyers through, and shows the others that it may open again', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1, inactiveMessage: 'See you next year' });
    const forms = await Promise.all(Array.from({ length: 50 }, () => openPage(link)));
    const pages = await Promise.all(
      forms.map(
        async ({ fields }, buyer) => await pageOf(await sendForm(link, fields, { address: `10.0.1.${buyer}` })),
      ),
    );
    expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
    const refused = pages.filter(({ status }) => status === 410);
    expect(refused).toHaveLength(49);
    for (const { text, fields } of refused) {
      expect(text).toContain(closed.sold_out_held.title);
      expect(text).toContain(closed.sold_out_held.text);
      expect(fields).toEqual({});
    }
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
    expect(await createRequests(shop.account)).toHaveLength(1);
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
  });

  it('is sold out for good once it is paid', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    expect(await tryToBuy(link)).toEqual(SENT);
    expect(await tryToBuy(link)).toEqual(HELD);
    await settle(shop, 'paid');
    expect(await tryToBuy(link)).toEqual(SOLD_OUT);
    passTime(24 * 60 * 60_000);
    expect(await tryToBuy(link)).toEqual(SOLD_OUT);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
  });

  it.each(['expired', 'processing_failed'] as const)('opens again when its session has ended: %s', async (outcome) => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    expect(await tryToBuy(link)).toEqual(SENT);
    await settle(shop, outcome);
    expect(await tryToBuy(link)).toEqual(SENT);
    expect(await tryToBuy(link)).toEqual(HELD);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(2);
  });

  it('stays taken until Stripe reports the outcome, however long it takes', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    expect(await tryToBuy(link)).toEqual(SENT);
    const [session] = await stripeSessions(accountOf(shop.account));
    await pay(String(session?.id), 'expired');
    for (const minutes of [10, 30, 60]) {
      passTime(minutes * 60_000);
      expect(await tryToBuy(link)).toEqual(HELD);
    }
  });

  it('shows the text of the merchant once it is sold out for good', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1, inactiveMessage: 'See you next year' });
    const { fields } = await openPage(link);
    await tapPay(link);
    await settle(shop, 'paid');
    const soldOut = [410, expect.stringContaining('See you next year')];
    const page = await open(link);
    expect([page.status, page.text]).toEqual(soldOut);
    const late = await pageOf(await sendForm(link, fields));
    expect([late.status, late.text]).toEqual(soldOut);
  });

  it('is not lost to the form whose own session has expired', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    for (const minutes of [0, 5]) {
      const { fields } = await openPage(link);
      expect((await sendForm(link, fields)).status).toBe(303);
      await settle(shop, 'expired');
      passTime(minutes * 60_000);
      const page = await pageOf(await sendForm(link, fields));
      expect([minutes, page.status]).toEqual([minutes, 409]);
      expect([minutes, (await sendForm(link, page.fields)).status]).toEqual([minutes, 303]);
      await settle(shop, 'expired');
      // Stripe signs with the real time.
      passTime(-minutes * 60_000);
    }
  });

  it('stays with the buyer who holds it, however often they send the form', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const { fields } = await openPage(link);
    const locations = new Set<string | null>();
    for (let sent = 0; sent < 3; sent++) locations.add((await sendForm(link, fields)).headers.get('Location'));
    expect([locations.size, locations.has(null)]).toEqual([1, false]);
    await settle(shop, 'paid');
    const again = await sendForm(link, fields);
    expect([again.status, again.headers.get('Location')]).toEqual([303, expect.stringContaining('/done?session_id=')]);
  });
});

describe('a link with three places', () => {
  it('sells three, and no more', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 3 });
    for (const _buyer of [1, 2, 3]) {
      expect(await tryToBuy(link)).toEqual(SENT);
      await settle(shop, 'paid');
    }
    expect(await tryToBuy(link)).toEqual(SOLD_OUT);
    const rows = await rowsOf('payments', shop.workspace.id);
    expect(rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});
