import { describe, expect, it } from 'vitest';
import { atCheckout } from '../support/checkout.ts';
import { frameOf, widgetButton } from '../support/host-page.ts';
import { createLink } from '../support/links.ts';
import { useShop } from '../support/shop.ts';
import { sessionsOfLink, setConditions } from '../support/stripe.ts';

const { demo, sandbox, buyers, openShop } = useShop();
const NOT_READY = 'The seller cannot take payments right now';

describe('a buyer whose seller has no payment method for this currency at Stripe', () => {
  it('reads in the widget that the seller is not ready', async () => {
    const link = await createLink(demo, sandbox);
    await setConditions(demo, link, { refuse_sessions: 'payment_methods' });
    const page = await openShop(link);
    await widgetButton(page).click();
    await frameOf(page).getByText(NOT_READY).waitFor();
    expect(await frameOf(page).locator('body').innerText()).not.toMatch(/payment method|dashboard/);
  });

  it('reads it on the pay page, and pays there once the seller has changed that', async () => {
    const link = await createLink(demo, sandbox, { max_payments: 1 });
    await setConditions(demo, link, { refuse_sessions: 'payment_methods' });
    const page = await buyers.open();
    await page.goto(link.url);
    await page.click('button.pay');
    await page.getByText(NOT_READY).waitFor();
    await setConditions(demo, link, {});
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.click('button.pay');
    await atCheckout(demo, page);
    expect(await sessionsOfLink(demo, sandbox, link)).toHaveLength(1);
  });
});
