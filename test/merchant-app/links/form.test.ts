import { describe, expect, it } from 'vitest';
import { addLink, filledForm, linksOf, newShop } from './support.ts';

const GERMAN = { 'Accept-Language': 'de-DE' };

describe('the form of a link', () => {
  it('makes one link of a fixed price, also if it is sent twice', async () => {
    const shop = await newShop();
    const form = filledForm({ description: 'Ten weeks', show_name: 'true' });
    const [first, second] = [await shop.browser.post(shop.test, form), await shop.browser.post(shop.test, form)];
    expect([first.status, second.status]).toEqual([303, 303]);
    const [link, ...others] = await linksOf(shop.organisation.sandboxId);
    expect(others).toEqual([]);
    expect(link).toMatchObject({
      kind: 'link',
      title: 'Evening class',
      description: 'Ten weeks',
      amountMinor: 4999,
      currency: 'GBP',
      showBusinessName: true,
      active: true,
    });
    expect(first.headers.get('Location')).toBe(`${shop.test}/${link?.token}?done=made`);
    expect(second.headers.get('Location')).toBe(first.headers.get('Location'));
    const page = await (await shop.browser.get(`${shop.test}/${link?.token}?done=made`)).text();
    expect(page).toContain('Your link is ready');
  });

  it('makes two links of two different contents, because going back and changing something is meant', async () => {
    const shop = await newShop();
    const form = filledForm();
    await shop.browser.post(shop.test, form);
    await shop.browser.post(shop.test, { ...form, title: 'Morning class' });
    expect(await linksOf(shop.organisation.sandboxId)).toHaveLength(2);
  });

  it('reads amounts as the language of the reader writes them', async () => {
    const shop = await newShop();
    const form = filledForm({ price: 'open', currency: 'EUR', minimum: '5,50', suggested: '1.000' });
    const response = await shop.browser.post(shop.test, form, GERMAN);
    expect(response.status).toBe(303);
    const [link] = await linksOf(shop.organisation.sandboxId);
    expect(link).toMatchObject({ amountMinor: null, minAmountMinor: 550, suggestedAmountsMinor: [100_000] });
  });

  it('keeps what was typed and says what is wrong at each field, in the language of the reader', async () => {
    const shop = await newShop();
    const wrong = filledForm({ title: '', amount: '0,10', button_colour: 'blau', success_url: 'laden.example' });
    const response = await shop.browser.post(shop.test, { ...wrong, max_payments: 'viele' }, GERMAN);
    expect(response.status).toBe(422);
    const page = await response.text();
    for (const text of ['Geben Sie dem Link einen Titel', 'Mindestens 0,30', 'Schreiben Sie eine Farbe']) {
      expect(page).toContain(text);
    }
    for (const typed of ['value="0,10"', 'value="blau"', 'value="laden.example"', 'value="viele"']) {
      expect(page).toContain(typed);
    }
    expect(page).toContain('aria-describedby="amount-error amount-hint"');
    // The API's messages are English.
    expect(page).not.toContain('must be');
    expect(await linksOf(shop.organisation.sandboxId)).toEqual([]);
  });

  it('changes a link, and keeps seconds of a time that nobody has changed', async () => {
    const shop = await newShop();
    const expiresAt = Date.UTC(2031, 4, 1, 12, 30, 17);
    const { token } = await addLink(shop, { expiresAt, buttonColor: '#0f5f6b', description: 'Old', maxPayments: 3 });
    const edit = await (await shop.browser.get(`${shop.test}/${token}/edit`)).text();
    expect(edit).toContain('value="2031-05-01T12:30"');
    const change = filledForm({ title: 'Deposit', amount: '75', expires: '2031-05-01T12:30' });
    const response = await shop.browser.post(`${shop.test}/${token}`, change);
    expect(response.headers.get('Location')).toBe(`${shop.test}/${token}?done=saved`);
    const [link] = await linksOf(shop.organisation.sandboxId);
    expect(link).toMatchObject({ title: 'Deposit', amountMinor: 7500, currency: 'GBP', expiresAt });
    expect(link).toMatchObject({ buttonColor: null, description: null, maxPayments: null });
  });

  it('turns a fixed price into one that the buyer decides, and back', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop);
    await shop.browser.post(`${shop.test}/${token}`, filledForm({ price: 'open', minimum: '20', suggested: '25' }));
    const [open] = await linksOf(shop.organisation.sandboxId);
    expect(open).toMatchObject({ amountMinor: null, minAmountMinor: 2000, suggestedAmountsMinor: [2500] });
    await shop.browser.post(`${shop.test}/${token}`, filledForm({ amount: '30' }));
    const [fixed] = await linksOf(shop.organisation.sandboxId);
    expect(fixed).toMatchObject({ amountMinor: 3000, minAmountMinor: null, suggestedAmountsMinor: null });
  });

  it('reads a time in the time zone that the form names', async () => {
    const shop = await newShop();
    await shop.browser.post(shop.test, filledForm({ expires: '2031-07-01T12:00', time_zone: 'Europe/Berlin' }));
    const [link] = await linksOf(shop.organisation.sandboxId);
    expect(link?.expiresAt).toBe(Date.UTC(2031, 6, 1, 10));
  });

  it('takes the colour that was picked where the picker was used, else the one that was typed', async () => {
    const shop = await newShop();
    const shown = { button_colour: '', button_colour_shown: '#14171f' };
    await shop.browser.post(shop.test, filledForm({ ...shown, button_colour_picked: '#aa0000' }));
    await shop.browser.post(shop.test, filledForm({ ...shown, button_colour_picked: '#14171f' }));
    await shop.browser.post(
      shop.test,
      filledForm({ ...shown, button_colour: '#0f5f6b', button_colour_picked: '#14171f' }),
    );
    const colours = (await linksOf(shop.organisation.sandboxId)).map(({ buttonColor }) => buttonColor);
    expect(colours).toEqual(['#aa0000', null, '#0f5f6b']);
  });

  it('warns of a button that nobody could read', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, { buttonColor: '#ffffff', buttonTextColor: '#eeeeee' });
    const page = await (await shop.browser.get(`${shop.test}/${token}/edit`)).text();
    expect(page).toContain('Nobody could read this text');
    expect(page).toContain('hardly stands out');
  });

  it('is not for viewers', async () => {
    const shop = await newShop('viewer');
    expect((await shop.browser.get(`${shop.test}/new`)).status).toBe(403);
    expect((await shop.browser.post(shop.test, filledForm())).status).toBe(403);
    expect(await (await shop.browser.get(shop.test)).text()).not.toContain('links/new');
  });
});
