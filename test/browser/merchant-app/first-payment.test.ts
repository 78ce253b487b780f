import { describe, expect, it } from 'vitest';
import { useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { connectStripe, makeWorkspace, signIn, sinkThatAnswers, untilSaid, WALKS } from '../support/people.ts';

const demo = readDemo();
const { appUrl } = demo;
const people = useBuyers({ ...demo, baseUrl: appUrl });

describe('the way to the first payment', () => {
  it.each(WALKS)('leads on a %s from signing up to a paid link and its webhook', async (device, options) => {
    const page = await people.open(options);
    await signIn(page, `first.payment.${device}@example.com`);
    const home = `${appUrl}/app/test/${await makeWorkspace(page, 'Harbour Studio')}/home`;
    await page.click('main a:text("Connect Stripe")');
    await connectStripe(page);

    await page.goto(home);
    await page.click('main a:text("Make a link")');
    await page.fill('#title', 'Wheel throwing class');
    await page.fill('#amount', '45');
    await page.click('button:text("Make the link")');
    await page.waitForURL(/done=made$/);
    const payPage = await page.getAttribute('a:has-text("Open the pay page")', 'href');

    await page.goto(home);
    await page.click('main a:text("Add a webhook")');
    await page.click('main a:text("Add an endpoint")');
    await page.fill('#url', await sinkThatAnswers(`first-payment-${device}`, 200));
    await page.click('button:text("Add an endpoint")');
    expect(await page.innerText('#secret')).toMatch(/^whsec_/);

    const buyer = await people.open(options);
    await buyer.goto(payPage ?? '');
    await buyer.click('button.pay');
    await atCheckout(demo, buyer);
    await payByCard(buyer, GOOD_CARD);
    await buyer.waitForURL(/\/done/);

    await page.goto(home.replace(/home$/, 'payments'));
    await untilSaid(page, 'buyer@example.com');
    await page.click('a:text("buyer@example.com")');
    await page.waitForURL(/\/payments\/\d+$/);
    await untilSaid(page, 'has it');
    await page.goto(home);
    expect(await page.innerText('main')).toContain('£45.00');
  });
});
