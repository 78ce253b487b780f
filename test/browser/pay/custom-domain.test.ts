import { describe, expect, it } from 'vitest';
import { DESKTOP, untilHeading, useBuyers } from '../support/buyer.ts';
import { GOOD_CARD, payByCard } from '../support/checkout.ts';
import { serveCheckoutAt } from '../support/custom-domain.ts';
import { readDemo } from '../support/demo.ts';
import { createLink } from '../support/links.ts';
import { sessionsOfLink, setConditions } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const CUSTOM = 'https://pay.shop.example';

describe('a buyer whose seller has Checkout on a domain of its own', () => {
  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('reaches the whole address that Stripe gave and pays, %s', async (_how, javaScriptEnabled) => {
    const link = await createLink(demo, sandbox);
    await setConditions(demo, link, { checkout_origin: CUSTOM, checkout_fragment: 600 });
    const page = await buyers.open({ ...DESKTOP, javaScriptEnabled });
    await serveCheckoutAt(demo, page, CUSTOM);
    await page.goto(link.url);
    await page.click('button.pay');
    await page.waitForURL(`${CUSTOM}/c/pay/**`);
    const [session] = await sessionsOfLink(demo, sandbox, link);
    expect(page.url()).toBe(session?.url);
    expect(new URL(page.url()).hash).toHaveLength(600);
    await payByCard(page, GOOD_CARD);
    await page.waitForURL(`${link.url}/done?session_id=*`);
    expect(new URL(page.url()).hash).toBe('');
    await untilHeading(page, 'Paid. Thank you!');
  });
});
