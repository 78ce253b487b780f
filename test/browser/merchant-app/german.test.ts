import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { inspect, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { createLink } from '../support/links.ts';
import { SMALL_PHONE, signIn } from '../support/people.ts';
import { takePayment } from '../support/stripe.ts';
import { loadTexts, type TextTable, untranslatedBy } from '../support/untranslated.ts';

const { tables } = vi.hoisted((): { tables: TextTable[] } => ({ tables: [] }));

vi.mock(import('../../../src/merchant-app/language.ts'), async (original) => ({
  ...(await original()),
  inLanguages: (texts) => {
    tables.push(texts);
    return texts;
  },
}));

const demo = readDemo();
const { appUrl, appOwner, main } = demo;
// The logo is at the API, which also shows it to buyers.
const people = useBuyers({ ...demo, baseUrl: appUrl }, { mayAsk: [demo.baseUrl] });
const SCREENS = `${appUrl}/app/test/${main.live.workspace_id}`;

/** The paths of the first link on the page that is open whose address has this form. */
async function first(page: Page, href: RegExp): Promise<string> {
  const hrefs = await page
    .locator('main a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  const found = hrefs.find((one) => href.test(one));
  if (found === undefined) throw new Error(`${page.url()} has no link with ${href}`);
  return found;
}

describe('the merchant app in German', () => {
  it('has no English text on any of its main screens, and each fits a phone and keeps the rules', async () => {
    await loadTexts();
    const untranslated = untranslatedBy(tables);
    await createLink(demo, main.sandbox, { title: 'Töpferkurs am Abend', description: 'Drehen auf der Scheibe' });
    await takePayment(demo, main.sandbox.keys.all, { amount_cents: 4999, currency: 'EUR' }, 'paid');
    const signedIn = await people.open();
    await signIn(signedIn, appOwner.email);
    const storageState = await signedIn.context().storageState();
    const page = await people.open({ ...SMALL_PHONE, locale: 'de-DE', storageState });
    const found: string[] = [];
    const look = async (path: string, name: string) => {
      await page.goto(new URL(path, `${SCREENS}/`).href);
      expect(await page.getAttribute('html', 'lang')).toBe('de');
      await inspect(page, `app-german-${name}`);
      found.push(...(await untranslated(page)).map((text) => `${name}: ${text}`));
    };
    /** Looks at a list, then at the first thing in it and at pages below that. */
    const lookInto = async (list: string, thing: RegExp, below: readonly string[] = []) => {
      await look(list, list.replaceAll('/', '-'));
      const path = await first(page, thing);
      const name = thing.source.replaceAll(/[^a-z]+/g, '-');
      for (const rest of ['', ...below]) await look(`${path}${rest}`, `${name}${rest.replace('/', '-')}`);
    };
    await look('home', 'home');
    await lookInto('links', /links\/lnk_\w+$/, ['/edit', '/poster']);
    await look('links/new', 'links-new');
    await lookInto('payments', /payments\/\d+$/, ['/refund']);
    await look('developers/keys', 'keys');
    await look('developers/keys/new', 'keys-new');
    await lookInto('developers/webhooks', /webhooks\/we_\w+$/);
    await look(await first(page, /deliveries\/dlv_\w+$/), 'delivery');
    await lookInto('developers/events', /events\/evt_\w+$/);
    await look('developers/requests', 'requests');
    for (const name of ['business', 'stripe', 'audit', 'you']) await look(`settings/${name}`, name);
    await look('team', 'team');
    expect(found).toEqual([]);
  });
});
