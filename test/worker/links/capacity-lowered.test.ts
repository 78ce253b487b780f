import { describe, expect, it } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { expectError } from '../support/api.ts';
import { boot, newWidget, postSession } from '../support/embed.ts';
import { patchLink } from '../support/links.ts';
import { openPage, pageOf, sendForm } from '../support/pay-page.ts';
import { ask, expectPlace, settle } from '../support/places.ts';
import { call } from '../support/workspace.ts';

/** A link that was paid twice and has one open session. A buyer has its page open, and another one its widget. */
async function paidTwice() {
  const widget = await newWidget({ maxPayments: 5 });
  const { shop, link } = widget;
  for (let paid = 0; paid < 2; paid++) await settle(shop, await expectPlace(shop, link.token), 'paid');
  const open = await expectPlace(shop, link.token);
  const { fields } = await openPage(link);
  const form = { t: (await boot(widget)).token, form: newFormId() };
  return { shop, link, open, fields, form };
}

describe('a limit that is lowered to what is paid, or below', () => {
  it.each([
    [2, '2 payments'],
    [1, 'one payment'],
  ])('%i: says that all payments are made, although a session is still open', async (max_payments, most) => {
    const { shop, link, open, fields, form } = await paidTwice();
    expect((await patchLink(shop, link.token, { max_payments })).status).toBe(200);
    const { message } = await expectError(await ask(shop, link.token), 409, 'payment_link_sold_out');
    expect(message).toBe(`This payment link takes ${most}. All its payments are made.`);
    const sent = await pageOf(await sendForm(link, fields));
    expect([sent.status, sent.text]).toEqual([410, expect.stringContaining(en.closed.sold_out.text)]);
    const opened = await openPage(link);
    expect([opened.status, opened.text]).toEqual([410, expect.stringContaining(en.closed.sold_out.text)]);
    const embedded = await postSession(form);
    expect(embedded.headers.has('Retry-After')).toBe(false);
    await expectError(embedded, 409, 'payment_link_sold_out');

    expect((await call(shop.key, 'POST', `/checkout-sessions/${open.id}/expire`)).status).toBe(200);
    await expectError(await ask(shop, link.token), 409, 'payment_link_sold_out');
  });

  it('says that a place may come back while fewer are paid', async () => {
    const { shop, link, open } = await paidTwice();
    expect((await patchLink(shop, link.token, { max_payments: 3 })).status).toBe(200);
    const { message } = await expectError(await ask(shop, link.token), 409, 'payment_link_sold_out');
    expect(message).toContain('A place may come back');
    expect((await call(shop.key, 'POST', `/checkout-sessions/${open.id}/expire`)).status).toBe(200);
    await expectPlace(shop, link.token);
  });
});
