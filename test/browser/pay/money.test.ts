import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { minorToDecimal } from '../../../src/core/money/money.ts';
import { DESKTOP, useBuyers } from '../support/buyer.ts';
import { amountAtCheckout, atCheckout } from '../support/checkout.ts';
import { readDemo, webhooksOf } from '../support/demo.ts';
import { createLink, type Link } from '../support/links.ts';
import { sessionsOf, settle } from '../support/stripe.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);

/** A number of digits that no separator can hide, by Stripe's rules of each currency. */
const AMOUNTS: Readonly<Record<string, number>> = {
  GBP: 123456,
  EUR: 1999,
  USD: 115,
  JPY: 12345,
  KRW: 50000,
  VND: 1234567,
  CLP: 98765,
  XOF: 4350,
  ISK: 1234500,
  UGX: 5000000,
  BHD: 1234560,
  KWD: 12340,
  TND: 43500,
  CHF: 820,
  HUF: 123400,
  PLN: 435,
  BRL: 98765,
  INR: 12345678,
  AED: 99999,
  SEK: 300,
};

/** Each locale with its separators, as the people there write numbers. */
const LOCALES = [
  { tag: 'en-GB', decimal: '.', group: ',' },
  { tag: 'de-DE', decimal: ',', group: '.' },
  { tag: 'fr-FR', decimal: ',', group: '\u202f' },
  { tag: 'es-ES', decimal: ',', group: '.' },
  { tag: 'it-IT', decimal: ',', group: '.' },
  { tag: 'nl-NL', decimal: ',', group: '.' },
  { tag: 'pt-BR', decimal: ',', group: '.' },
  { tag: 'pl-PL', decimal: ',', group: '\u00a0' },
  { tag: 'ar-EG', decimal: '٫', group: '٬' },
  { tag: 'ja-JP', decimal: '.', group: ',' },
] as const;
type Locale = (typeof LOCALES)[number];

const event = z.object({
  data: z.object({ amount_cents: z.number(), currency: z.string(), payment_link_id: z.string() }),
});
const cases = Object.entries(AMOUNTS).map(([currency, amountMinor], at) => ({
  currency,
  amountMinor,
  shownTo: localeAt(at),
  typedBy: localeAt(at + 3),
}));

function localeAt(at: number): Locale {
  const locale = LOCALES[at % LOCALES.length];
  if (!locale) throw new Error('There is no locale.');
  return locale;
}

/** "1234.50" as somebody in Egypt writes it: "١٢٣٤٫٥٠". */
function asWritten(decimal: string, { tag, decimal: separator }: Locale): string {
  const text = decimal.replace('.', separator);
  return tag === 'ar-EG' ? text.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit))) : text;
}

/** What a text of this locale says, as a plain decimal: "1.234,50 €" in de-DE is "1234.50". */
function asRead(text: string, { decimal, group }: Locale): string {
  const ascii = text.replace(/[٠-٩]/g, (digit) => String('٠١٢٣٤٥٦٧٨٩'.indexOf(digit)));
  const [number = ''] = /\d[\d.,\s٫٬]*/.exec(ascii) ?? [];
  return number.replaceAll(group, '').replace(/\s/g, '').replace(decimal, '.');
}

async function pageOf(link: Link, { tag }: Locale): Promise<string> {
  const response = await fetch(link.url, { headers: { 'Accept-Language': tag } });
  expect(response.status).toBe(200);
  return await response.text();
}

function priceOn(html: string): string {
  const [, price] = /<p class="sum">.*?<bdi>(.*?)<\/bdi><\/p>/.exec(html) ?? [];
  if (price === undefined) throw new Error('The page shows no price.');
  return price;
}

/** Sends the page's own form, with what the buyer has typed. Answers the id of the session. */
async function sendForm(link: Link, html: string, locale: Locale, typed: Record<string, string>): Promise<string> {
  const hidden = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const fields = hidden.map(([, name = '', value = '']) => [name, value]);
  const response = await fetch(link.url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Accept-Language': locale.tag, Origin: demo.baseUrl },
    body: new URLSearchParams({ ...Object.fromEntries(fields), ...typed }),
  });
  expect(response.status, `${link.url} ${locale.tag} ${JSON.stringify(typed)}`).toBe(303);
  const [, id] = /\/c\/pay\/(cs_test_\w+)/.exec(response.headers.get('Location') ?? '') ?? [];
  if (id === undefined) throw new Error('The form does not lead to Checkout.');
  return id;
}

describe('an amount is the same everywhere', () => {
  it('on the page in ten locales, for twenty currencies', async () => {
    expect([cases.length, LOCALES.length]).toEqual([20, 10]);
    for (const { currency, amountMinor } of cases) {
      const link = await createLink(demo, sandbox, { currency, amount_cents: amountMinor });
      for (const locale of LOCALES) {
        const price = priceOn(await pageOf(link, locale));
        expect(asRead(price, locale), `${currency} in ${locale.tag}: ${price}`).toBe(
          minorToDecimal(amountMinor, currency),
        );
      }
    }
  });

  it('shown or typed in any of them, at Stripe and in the webhook, for twenty currencies', async () => {
    const made: { id: string; currency: string; amountMinor: number; link: Link }[] = [];
    for (const { currency, amountMinor, shownTo, typedBy } of cases) {
      const fixed = await createLink(demo, sandbox, { currency, amount_cents: amountMinor });
      const id = await sendForm(fixed, await pageOf(fixed, shownTo), shownTo, {});
      made.push({ id, currency, amountMinor, link: fixed });
      const open = await createLink(demo, sandbox, { currency, amount_editable: true });
      const amount = asWritten(minorToDecimal(amountMinor, currency), typedBy);
      const typedId = await sendForm(open, await pageOf(open, typedBy), typedBy, { amount });
      made.push({ id: typedId, currency, amountMinor, link: open });
    }
    const sessions = new Map((await sessionsOf(demo, sandbox)).map((session) => [session.id, session]));
    for (const { id, currency, amountMinor } of made) {
      const session = sessions.get(id);
      expect([session?.currency, session?.amount_total]).toEqual([currency.toLowerCase(), amountMinor]);
      await settle(demo, id, 'paid');
    }
    const arrived = async () => {
      const requests = (await webhooksOf(sandbox, '')).map(({ body }) => body);
      return made.map(({ id }) => requests.find((body) => body.includes(id)) ?? null);
    };
    await vi.waitFor(async () => expect(await arrived()).not.toContain(null), { timeout: 60_000, interval: 300 });
    const sent = (await arrived()).map((body) => event.parse(JSON.parse(body ?? '')).data);
    expect(sent).toEqual(
      made.map(({ currency, amountMinor, link }) => ({
        amount_cents: amountMinor,
        currency,
        payment_link_id: link.id,
      })),
    );
  });

  it('in the browser: on the button, at Checkout, and on the receipt', async () => {
    for (const [currency, tag, shown, asked] of [
      ['JPY', 'ja-JP', '￥12,345', '¥12,345'],
      ['BHD', 'ar-EG', '١٬٢٣٤٫٥٦٠', 'BHD 1,234.560'],
      // The sign stays behind its letters where the line is read from the right.
      ['GBP', 'ar-EG', '\u2066UK£\u2069', '£1,234.56'],
      ['EUR', 'de-DE', '19,99\u00a0€', '€19.99'],
      ['INR', 'en-IN', '₹1,23,456.78', '₹123,456.78'],
      ['ISK', 'fr-FR', '12\u202f345,00', 'ISK 12,345.00'],
    ] as const) {
      const link = await createLink(demo, sandbox, { currency, amount_cents: AMOUNTS[currency] });
      const page = await buyers.open({ ...DESKTOP, locale: tag });
      await page.goto(link.url);
      expect(await page.innerText('button.pay')).toContain(shown);
      expect(await page.innerText('.sum')).toContain(shown);
      await page.click('button.pay');
      const id = await atCheckout(demo, page);
      expect((await amountAtCheckout(page)).replaceAll('\u00a0', ' ')).toBe(asked);
      await page.goto(`${link.url}/done?session_id=${id}`);
      expect(await page.innerText('dd.total')).toContain(shown);
    }
  });
});
