import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../../browser/support/chromium.ts';
import { ENDPOINTS } from '../../stripe-simulator/harness.ts';
import { startSimulatorServer } from '../../stripe-simulator/server.ts';

const ACCOUNT = 'acct_shop';

let simulator: Awaited<ReturnType<typeof startSimulatorServer>>;
let shop: { url: string; server: Server };
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const nowhere = { ...ENDPOINTS.test, url: 'http://127.0.0.1:9/' };
  simulator = await startSimulatorServer({ port: 0, eventEndpoints: { test: nowhere, live: nowhere } });
  await fetch(`${simulator.url}/_control/accounts`, {
    method: 'POST',
    body: JSON.stringify({ id: ACCOUNT, charges_enabled: true, business_profile: { name: 'Ann & Co' } }),
  });
  shop = await serveShop(`<!doctype html><script src="${simulator.url}/stripe.js"></script><div id="place"></div>`);
  browser = await launchChromium();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  shop?.server.close();
  await simulator?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(shop.url);
});
afterEach(async () => await page.close());

function serveShop(html: string): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ url: `http://127.0.0.1:${port}/`, server });
    });
  });
}

async function newSecret(): Promise<string> {
  const { port } = new URL(simulator.url);
  const stripe = new Stripe('sk_test_platform', { host: 'localhost', port, protocol: 'http', maxNetworkRetries: 0 });
  const session = await stripe.checkout.sessions.create(
    {
      ui_mode: 'embedded_page',
      redirect_on_completion: 'if_required',
      return_url: 'https://shop.example/done',
      line_items: [{ quantity: 1, price_data: { currency: 'gbp', unit_amount: 1999, product_data: { name: 'Mug' } } }],
    },
    { stripeAccount: ACCOUNT },
  );
  return session.client_secret ?? '';
}

/** Runs a script in the shop's page with `stripe` and `secret`; answers its value, or the error's name and message. */
async function run(script: string, { key = 'pk_test_shop', secret = '' } = {}): Promise<unknown> {
  return await page.evaluate(`(async () => {
    const secret = ${JSON.stringify(secret)};
    try {
      const stripe = Stripe(${JSON.stringify(key)}, { stripeAccount: '${ACCOUNT}' });
      ${script}
    } catch (error) {
      return error.name + ': ' + error.message;
    }
  })()`);
}

const CREATE = `window.completed ??= 0;
  const checkout = await stripe.createEmbeddedCheckoutPage({
    fetchClientSecret: async () => secret,
    onComplete: () => window.completed++,
  });`;

async function pay(number: string): Promise<void> {
  const form = page.frameLocator('#place iframe');
  await form.locator('[name=email]').fill('ann@example.com');
  await form.locator('[name=card_number]').fill(number);
  await form.locator('[name=card_expiry]').fill('12 / 39');
  await form.locator('[name=card_cvc]').fill('123');
  await form.locator('button[value=card]').click();
}

describe('the stand-in for Stripe.js', () => {
  it('mounts the form, which fits its frame, is declined, then paid, and calls onComplete once', async () => {
    await run(`${CREATE} checkout.mount('#place');`, { secret: await newSecret() });
    const form = page.frameLocator('#place iframe');
    await form.getByRole('heading', { name: 'Pay Ann & Co' }).waitFor();
    await expect
      .poll(() => page.frames()[1]?.evaluate<boolean>('document.documentElement.scrollHeight <= innerHeight'))
      .toBe(true);
    await pay('4000 0000 0000 0002');
    await form.getByText('Your card was declined').waitFor();
    expect(await page.evaluate('completed')).toBe(0);
    await pay('4242 4242 4242 4242');
    await form.getByText('Paid').waitFor();
    await expect.poll(() => page.evaluate('completed')).toBe(1);
  });

  it('lets one Checkout exist at a time, mounts it again after unmount, and nothing after destroy', async () => {
    const secret = await newSecret();
    expect(await run(`${CREATE} ${CREATE.replaceAll('checkout =', 'second =')}`, { secret })).toMatch(
      /^IntegrationError: .*multiple/,
    );
    await page.reload();
    const said = await run(
      `${CREATE}
      checkout.mount('#place');
      checkout.unmount();
      const unmounted = document.querySelectorAll('iframe').length;
      checkout.mount(document.querySelector('#place'));
      const mounted = document.querySelectorAll('iframe').length;
      checkout.destroy();
      const destroyed = document.querySelectorAll('iframe').length;
      await stripe.createEmbeddedCheckoutPage({ fetchClientSecret: async () => secret });
      try { checkout.mount('#place') } catch (error) { return [unmounted, mounted, destroyed, error.name] }`,
      { secret },
    );
    expect(said).toEqual([0, 1, 0, 'IntegrationError']);
  });

  it.each([
    ['a publishable key that is none', 'return 1', { key: 'sk_test_1' }],
    ['a secret that is none', CREATE, { secret: 'cs_test_1' }],
    ['an unknown secret', CREATE, { secret: 'cs_test_1_secret_1' }],
  ])('refuses %s with an IntegrationError', async (_, script, given) => {
    expect(await run(script, given)).toMatch(/^IntegrationError: /);
  });

  it('refuses a key of the other mode and a place that is not there, and can be asked again afterwards', async () => {
    const secret = await newSecret();
    expect(await run(CREATE, { secret, key: 'pk_live_1' })).toMatch(/^IntegrationError: .*test mode/);
    expect(await run(`${CREATE} checkout.mount('#nowhere');`, { secret })).toMatch(/^IntegrationError: .*#nowhere/);
  });

  it('takes word of completion from its own frame alone', async () => {
    await run(`${CREATE} checkout.mount('#place');`, { secret: await newSecret() });
    await page.frameLocator('#place iframe').locator('form').waitFor();
    await page.evaluate(`new Promise((resolve) => {
      addEventListener('message', resolve, { once: true });
      postMessage({ source: 'stripe-simulator', type: 'complete', returnUrl: null }, '*');
    })`);
    expect(await page.evaluate('completed')).toBe(0);
  });
});
