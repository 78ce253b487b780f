import { createPublicKey, verify } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { closedHtml, doneHtml, WHOLE_PROFILE } from '../../unit/pay/views.ts';
import { inspect, PHONE, picture, untilHeading, useBuyers } from '../support/buyer.ts';
import { atCheckout, GOOD_CARD, payByBank, payByCard } from '../support/checkout.ts';
import { readDemo } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';
import { sendLostEvent, setFaults, settle } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);
const PAID = 'checkout.session.completed';
const SHOP = { contentType: 'text/html', body: '<title>Shop</title><p>Thank you' };
/** What a copy of the receipt's number is. */
const COPIED_NUMBER = `getSelection().selectAllChildren(document.querySelector('dl > dd:last-of-type')); getSelection().toString()`;
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

afterEach(async () => {
  await answerWebhooksAfter(0);
});

/** How long the merchant's endpoint takes over each webhook. */
async function answerWebhooksAfter(delayMs: number): Promise<void> {
  const response = await fetch(sandbox.webhook.url, { method: 'PUT', body: JSON.stringify({ delay_ms: delayMs }) });
  expect(response.ok).toBe(true);
}

/** Presses the button of a link's page and goes on to Checkout. Answers the session's id. */
async function goToCheckout(page: Page, link: Link): Promise<string> {
  await page.goto(link.url);
  await page.click('button.pay');
  return await atCheckout(demo, page);
}

function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name });
}

describe('the page after Checkout', () => {
  it('says "confirming" while Stripe is silent, and turns into the receipt by itself, with a script and without', async () => {
    const link = await createLink(demo, sandbox);
    const pages = [await buyers.open(), await buyers.open({ ...PHONE, javaScriptEnabled: false })];
    const sessionIds: string[] = [];
    for (const page of pages) sessionIds.push(await goToCheckout(page, link));
    await setFaults(demo, link, { drop_events: true });
    for (const [at, page] of pages.entries()) {
      await payByCard(page, GOOD_CARD);
      await page.waitForURL(`${link.url}/done?session_id=${sessionIds[at]}`);
      await heading(page, 'Confirming your payment').waitFor();
      await picture(page, at === 0 ? 'confirming' : 'confirming-without-script');
    }
    for (const sessionId of sessionIds) await sendLostEvent(demo, sandbox, sessionId, PAID);
    for (const [at, page] of pages.entries()) {
      await heading(page, 'Paid. Thank you!').waitFor();
      expect(await page.innerText('dd.total')).toBe('£50.00');
      expect(page.url()).toBe(`${link.url}/done?session_id=${sessionIds[at]}`);
      expect(await page.locator('[data-print]').isVisible()).toBe(at === 0);
    }
  });

  it('comes by itself where it could not be shown at first, with a script and without', async () => {
    const link = await createLink(demo, sandbox);
    const comes = async (javaScriptEnabled: boolean) => {
      const page = await buyers.open({ ...PHONE, javaScriptEnabled });
      const sessionId = await goToCheckout(page, link);
      const retryUrl = `${new URL(link.url).pathname}/done?session_id=${sessionId}`;
      const statusUrl = retryUrl.replace('/done', '/done/status');
      const reason = 'done_unavailable';
      // The database of this copy does not stumble: the first answer is our page as the Worker renders it then.
      const body = await closedHtml({ reason, retryUrl, statusUrl, retryAfterSeconds: 5 });
      let answers = 0;
      await page.route(new RegExp(`/done\\?session_id=${sessionId}$`), (route) => {
        answers += 1;
        const first = { status: 503, contentType: 'text/html; charset=utf-8', body };
        return answers === 1 ? route.fulfill(first) : route.continue();
      });
      await payByCard(page, GOOD_CARD);
      await heading(page, 'We cannot show your payment right now').waitFor();
      if (javaScriptEnabled) await inspect(page, 'done-unavailable');
      else await picture(page, 'done-unavailable-without-script');
      await page.locator('dd.total').waitFor();
      expect(await page.innerText('dd.total')).toBe('£50.00');
      expect(answers).toBeGreaterThan(1);
    };
    await Promise.all([comes(true), comes(false)]);
  });

  it('is accessible while it waits', async () => {
    const page = await buyers.open();
    const link = await createLink(demo, sandbox);
    // The session is open: Stripe has said nothing yet.
    await page.goto(`${link.url}/done?session_id=${await goToCheckout(page, link)}`);
    await inspect(page, 'confirming');
  });

  it('says that a bank is still at work, then shows the receipt', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    const sessionId = await goToCheckout(page, link);
    await payByBank(page);
    await page.waitForURL(`${link.url}/done?*`);
    await untilHeading(page, 'Your payment is being processed');
    expect(await page.getByRole('button', { name: 'Print or save' }).isVisible()).toBe(true);
    await inspect(page, 'processing');
    await settle(demo, sessionId, 'processing_succeeded');
    await untilHeading(page, 'Paid. Thank you!');
  });

  it('says when the bank has refused, and leads back to the payment', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    const sessionId = await goToCheckout(page, link);
    await payByBank(page);
    await page.waitForURL(`${link.url}/done?*`);
    await untilHeading(page, 'Your payment is being processed');
    await settle(demo, sessionId, 'processing_failed');
    await untilHeading(page, 'The payment failed');
    await inspect(page, 'failed');
    await page.getByRole('link', { name: 'Back to payment' }).click();
    await page.waitForURL(link.url);
    await page.click('button.pay');
    expect(await atCheckout(demo, page)).not.toBe(sessionId);
  });

  it('says that nothing was charged when the session has run out, and leads back to the payment', async () => {
    const link = await createLink(demo, sandbox);
    const page = await buyers.open();
    const sessionId = await goToCheckout(page, link);
    await settle(demo, sessionId, 'expired');
    await page.goto(`${link.url}/done?session_id=${sessionId}`);
    await untilHeading(page, 'The payment was not completed');
    expect(await page.innerText('main')).toContain('You have not been charged.');
    await inspect(page, 'session-expired');
    await page.getByRole('link', { name: 'Back to payment' }).click();
    await page.click('button.pay');
    expect(await atCheckout(demo, page)).not.toBe(sessionId);
  });

  it('offers the receipt for printing, with the time of the buyer’s own clock', async () => {
    const link = await createLink(demo, sandbox, { description: 'Half now' });
    const page = await buyers.open({ ...PHONE, timezoneId: 'Asia/Tokyo' });
    await page.goto(`${link.url}?reference=Invoice+1042`);
    await page.click('button.pay');
    await atCheckout(demo, page);
    await payByCard(page, GOOD_CARD);
    await page.waitForURL(`${link.url}/done?*`);
    await untilHeading(page, 'Paid. Thank you!');
    expect(await page.innerText('time')).toMatch(/GMT\+9|JST/);
    expect(await page.innerText('main')).toContain('Invoice 1042');
    expect(await page.innerText('dl')).toContain('Visa ••••\u00a04242');
    expect(await page.evaluate<string>(COPIED_NUMBER)).toMatch(/^\d{12,16}$/);
    expect(await page.getByRole('button', { name: 'Print or save' }).isVisible()).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print or save' }).isVisible()).toBe(false);
    // Paper has no targets to press, which is all that axe would find.
    await picture(page, 'receipt-printed');
  });

  it('shows the payment of another link to nobody', async () => {
    const page = await buyers.open();
    const sessionId = await goToCheckout(page, await createLink(demo, sandbox));
    const other = await createLink(demo, sandbox);
    const response = await fetch(`${other.url}/done?session_id=${sessionId}`);
    expect(response.status).toBe(404);
  });
});

describe('a link with a success_url', () => {
  it('shows the receipt, counts down once the shop has been notified, and carries a result that the published key verifies', async () => {
    const link = await createLink(demo, sandbox, {
      success_url: 'https://shop.example/thanks?order=7&session={CHECKOUT_SESSION_ID}',
      show_business_name: true,
    });
    await answerWebhooksAfter(4000);
    const page = await buyers.open();
    await page.route('https://shop.example/**', (route) => route.fulfill(SHOP));
    await page.clock.install();
    await page.goto(`${link.url}?reference=Invoice+7`);
    await page.click('button.pay');
    const sessionId = await atCheckout(demo, page);
    await payByCard(page, GOOD_CARD);
    await page.waitForURL(`${link.url}/done?session_id=*`);
    await heading(page, 'Paid. Thank you!').waitFor();
    expect(await page.getAttribute('[data-go]', 'aria-disabled')).toBe('true');
    await inspect(page, 'paid-awaiting');
    await page.locator('.leaving').waitFor();
    await inspect(page, 'paid-leaving');
    expect(await page.getByRole('link', { name: 'Continue to' }).getAttribute('href')).toContain(
      'https://shop.example',
    );
    await page.clock.runFor(21_000);
    await page.waitForURL('https://shop.example/thanks?*');

    const { order, session, signature = '', ...result } = Object.fromEntries(new URL(page.url()).searchParams);
    expect([order, session]).toEqual(['7', sessionId]);
    expect(result).toMatchObject({
      status: 'succeeded',
      amount_cents: '5000',
      currency: 'GBP',
      reference: 'Invoice 7',
      link: link.id,
      livemode: 'false',
    });
    expect(await isSigned(result, signature)).toBe(true);
    expect(await isSigned({ ...result, amount_cents: '1' }, signature)).toBe(false);

    await page.goBack();
    for (const again of [async () => undefined, async () => void (await page.reload())]) {
      await again();
      await heading(page, 'Paid. Thank you!').waitFor();
      await page.clock.runFor(30_000);
      expect(page.url()).toBe(`${link.url}/done?session_id=${sessionId}`);
      expect(await page.isVisible('.leaving')).toBe(false);
    }
  });

  it.each([
    ['phone', { width: 360, height: 640 }],
    ['desktop', { width: 1280, height: 1000 }],
  ])('has room for the countdown below its last line, also after the countdown, on a %s', async (way, viewport) => {
    const businessName = 'The Association of Friends of the Northlight Studio and its Garden';
    const more = { businessName, profile: WHOLE_PROFILE };
    const body = await doneHtml({ continueUrl: 'https://shop.example/', countsDown: true, ...more });
    const page = await buyers.open({ viewport });
    await page.route('https://receipt.example/**', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body }),
    );
    await page.goto('https://receipt.example/');
    await page.locator('.leaving').waitFor();
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    const { y: top = 0 } = (await page.locator('.leaving').boundingBox()) ?? {};
    const footer = await page.locator('footer').boundingBox();
    expect((footer?.y ?? 0) + (footer?.height ?? 0)).toBeLessThanOrEqual(top);
    await page.screenshot({ path: `test-results/screenshots/pay-leaving-${way}.png` });
    await page.getByRole('button', { name: 'Stay here' }).click();
    await page.locator('.leaving').waitFor({ state: 'hidden' });
    expect(await page.locator('footer').boundingBox()).toEqual(footer);
  });

  it('leaves the receipt where the buyer does anything with it, or wants less motion', async () => {
    const body = await doneHtml({ continueUrl: 'https://shop.example/', countsDown: true });
    const page = await buyers.open();
    await page.clock.install({ time: 0 });
    // From here on only `runFor` moves the time, however slow the machine is.
    await page.clock.pauseAt(1000);
    await page.route('https://shop.example/**', (route) => route.fulfill(SHOP));
    await page.route('https://receipt.example/**', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body }),
    );
    const stay = page.getByRole('button', { name: 'Stay here' });
    const open = async (way: string) => {
      await page.emulateMedia({ reducedMotion: way === 'reduced-motion' ? 'reduce' : 'no-preference' });
      await page.goto(`https://receipt.example/${way}`);
      expect(await page.isVisible('.leaving')).toBe(way !== 'reduced-motion');
      await page.clock.runFor(4000);
    };
    const ways: Record<string, () => Promise<unknown>> = {
      stay: () => stay.click(),
      'stay-by-key': () => stay.press('Enter'),
      tab: () => page.keyboard.press('Tab'),
      'scroll-by-key': () => page.keyboard.press('PageDown'),
      scroll: () => page.mouse.wheel(0, 100),
      print: () => page.getByRole('button', { name: 'Print or save' }).click(),
      'print-by-menu': () => page.pdf(),
      selection: () => page.evaluate(`getSelection().selectAllChildren(document.querySelector('dl'))`),
      'reduced-motion': async () => undefined,
    };
    for (const [way, act] of Object.entries(ways)) {
      await open(way);
      await act();
      await page.clock.runFor(30_000);
      expect([page.url(), await page.isVisible('.leaving')]).toEqual([`https://receipt.example/${way}`, false]);
      if (way.startsWith('stay')) expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    }
    await open('nothing');
    expect(await page.innerText('.leaving p')).toBe('You will be taken to Northlight Studio in 16 seconds.');
    expect(await page.innerText('[role=status]')).toBe('You will be taken to Northlight Studio in 19 seconds.');
    await page.clock.runFor(17_000);
    await page.waitForURL('https://shop.example/');
  });
});

/** As the documentation says: Ed25519 over our parameters, sorted by name. */
async function isSigned(result: Record<string, string>, signature: string): Promise<boolean> {
  const response = await fetch(`${demo.baseUrl}/.well-known/softsolz-keys.json`);
  const { keys } = keySet.parse(await response.json());
  const query = new URLSearchParams(result);
  query.sort();
  const message = Buffer.from(query.toString());
  return keys.some((key) =>
    verify(null, message, createPublicKey({ format: 'jwk', key }), Buffer.from(signature, 'base64url')),
  );
}
