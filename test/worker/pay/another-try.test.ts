import { describe, expect, it } from 'vitest';
import { accountOf } from '../support/api.ts';
import { openPage, payPath, tapPay, visit } from '../support/pay-page.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const BROUGHT = { reference: '1042', utm_source: 'mail', lang: 'de' };
const query = `?${new URLSearchParams({ ...BROUGHT, email: 'ann@example.com' })}`;

/** The query of the one link on a page that leads back to the pay page. */
function wayBack(html: string, token: string): Record<string, string> {
  const href = new RegExp(`href="${payPath(token)}([^"]*)"`).exec(html)?.[1] ?? '';
  return Object.fromEntries(new URLSearchParams(href.replaceAll('&amp;', '&').replace('?', '')));
}

describe('another try', () => {
  it('keeps what the link brought along except the e-mail, from a page that could take no payment', async () => {
    const link = await (await newWorkspace({ account: 'onboarding' })).link();
    const page = await openPage(link, { query });
    expect(page.status).toBe(503);
    expect(wayBack(page.html, link.token)).toEqual(BROUGHT);
    expect(page.html).not.toContain('ann@example.com');
  });

  it('keeps it after a payment that failed, without the e-mail', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    await tapPay(link, {}, { query });
    const [session] = await stripeSessions(accountOf(shop.account));
    await pay(String(session?.id), 'processing_failed');
    await deliverStripeEvents(accountOf(shop.account));
    const done = await visit(`${payPath(link.token)}/done`, { query: `?session_id=${session?.id}&lang=de` });
    const html = await done.text();
    expect(wayBack(html, link.token)).toEqual(BROUGHT);
    expect(html).not.toContain('ann@example.com');
  });
});
