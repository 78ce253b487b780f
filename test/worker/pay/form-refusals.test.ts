import { describe, expect, it } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, footprint, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { fetchWith } from '../support/direct.ts';
import { countedBindings, ORIGIN, openPage, pageOf, payPath, sendForm } from '../support/pay-page.ts';
import { deliverStripeEvents, pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const { faults, notices } = en;

const WRONG_AMOUNTS = [
  ...['', ' ', '0', '0.00', '-1', '+5', '1e5', '1e999', '0x10', 'NaN', 'Infinity', 'true', '[]', 'abc', '1 000 0'],
  ...['5.555', '1.000', '12.345', '1.2.3', '1,2,3', '12.', '5 USD', '$5', '€5', '0.29', '4.99', '1000000000'],
  ...[
    '9999999999',
    '999999.99.9',
    '1'.repeat(10),
    '9'.repeat(40),
    '9'.repeat(5_000),
    '٠',
    '12٫345',
    '½',
    'Ⅻ',
    '1\u202e2x',
  ],
  ...['5; DROP TABLE payments', '<script>5</script>', '5\u0000', '4.99999999999999999'],
];

describe('an amount that cannot be charged', () => {
  it('comes back with the form, what was typed and what is wrong, and asks nothing of Stripe', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 500, currency: 'GBP' });
    const buyer = new Buyer(link);
    const page = await buyer.open({ query: '?reference=R1&lang=en' });
    const before = await footprint(shop);
    for (const [at, amount] of WRONG_AMOUNTS.entries()) {
      const bindings = countedBindings();
      const as = { bindings, query: '?lang=en', address: `10.0.0.${at}` };
      const again = await buyer.sendRefused({ ...page.fields, amount }, as);
      expect([amount, again.status]).toEqual([amount, 200]);
      expect(again.html).toContain('aria-invalid="true"');
      expect(again.html).toMatch(/<input id="amount"[^>]*autofocus/);
      expect(again.fields.amount).toBe(amount.slice(0, 40));
      expect(again.fields).toMatchObject({ reference: 'R1', operation: page.fields.operation });
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([2, []]);
    }
    expect(await footprint(shop)).toEqual(before);
    const accepted = await buyer.post({ ...page.fields, amount: '5' });
    expect(accepted.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
    // The browser's Back leads to the form as it was sent last.
    const back = await buyer.open({ query: '?reference=R1&refused=not_a_number&lang=en' });
    expect([back.fields.amount, back.html.includes('aria-invalid')]).toEqual(['5.00', false]);
  });

  it('is answered with 422 and the same page to a program, which follows no redirect with cookies', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 500, currency: 'GBP' });
    const before = await footprint(shop);
    const { fields } = await openPage(link);
    const headers = { 'Sec-Fetch-Mode': 'cors' };
    const again = await pageOf(await sendForm(link, { ...fields, amount: '4.99' }, { headers }));
    expect([again.status, again.fields]).toEqual([422, { ...fields, amount: '4.99' }]);
    expect(again.html).toContain('aria-invalid="true"');
    expect(await footprint(shop)).toEqual(before);
  });

  it('is answered with the reason in words', async () => {
    const shop = await newWorkspace();
    const gbp = await shop.link({ amountMinor: null, minAmountMinor: 500 });
    const jpy = await shop.link({ amountMinor: null, currency: 'JPY' });
    const cases = [
      [gbp, '', faults.empty],
      [gbp, 'abc', faults.notANumber.split('{')[0]],
      [gbp, '12.000', faults.twoReadings],
      [gbp, '12.3456', faults.tooManyDecimals.split('{count}')[1]],
      [gbp, '4.99', `${faults.belowMinimum.split('{')[0]}£5.00`],
      [gbp, '1000000', faults.aboveMaximum.split('{')[0]],
      [jpy, '100.5', faults.noDecimals.split('{currency}')[1]],
      [jpy, '49', faults.belowMinimum.split('{')[0]],
    ] as const;
    for (const [link, amount, words] of cases) {
      const buyer = new Buyer(link);
      const { fields } = await buyer.open();
      const page = await buyer.sendRefused({ ...fields, amount });
      expect(words?.length).toBeGreaterThan(5);
      expect([amount, page.text]).toEqual([amount, expect.stringContaining(words ?? '')]);
    }
  });

  it('is offered in both readings where it has two, and the tapped one is charged, checked again', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 500, currency: 'GBP' });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    const page = await buyer.sendRefused({ ...fields, amount: '12.000' });
    expect(page.fields.amount).toBe('12.000');
    expect([...page.html.matchAll(/name="suggested" value="(\d*)"/g)].map(([, value]) => value)).toEqual([
      '1200',
      '1200000',
      '',
    ]);
    for (const suggested of ['1300', '12', '120000']) {
      const again = await buyer.sendRefused({ ...page.fields, suggested });
      expect(again.text).toContain(faults.twoReadings);
    }
    await buyer.post({ ...page.fields, suggested: '1200000' });
    expect((await rowsOf('payments', shop.workspace.id)).map((row) => row.amount_minor)).toEqual([1_200_000]);
  });

  it('is refused also where it was suggested, by the current limits', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 2000, suggestedAmountsMinor: [1000, 2500] });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    for (const suggested of ['1000', '1', '2000', '2500.0', '-2500', '2500,1000']) {
      const page = await buyer.sendRefused({ ...fields, suggested });
      expect(page.html).toContain('aria-invalid="true"');
    }
    expect(await createRequests(shop.account)).toEqual([]);
  });

  it('is answered with its reason also to a browser without cookies, and with none that is not ours', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, minAmountMinor: 500 });
    const plain = await openPage(link);
    for (const [amount, code, words] of [
      ['', 'empty', faults.empty],
      ['abc', 'not_a_number', faults.notANumber.split('{')[0]],
      ['12.000', 'two_readings', faults.twoReadings],
      ['12.3456', 'too_many_decimals', faults.tooManyDecimals.split('{count}')[1]],
      ['4.99', 'below_minimum', `${faults.belowMinimum.split('{')[0]}£5.00`],
      ['1000000', 'above_maximum', `${faults.aboveMaximum.split('{')[0]}£999,999.99`],
    ] as const) {
      const { headers } = await sendForm(link, { ...plain.fields, amount });
      const { search } = new URL(headers.get('Location') ?? '', ORIGIN);
      expect(search).toBe(`?refused=${code}`);
      const page = await openPage(link, { query: search });
      expect([page.fields.amount, page.text]).toEqual(['', expect.stringContaining(words ?? '')]);
    }
    for (const claim of ['again=1', 'again=1&lang=en', 'refused=', 'refused=toString', 'refused=not_a_multiple']) {
      expect([claim, (await openPage(link, { query: `?${claim}` })).text]).toEqual([claim, plain.text]);
    }
    const filled = await openPage(link, { query: '?refused=empty&amount=20' });
    expect([filled.fields.amount, filled.html.includes('aria-invalid')]).toEqual(['20', false]);
    const german = await openPage(link, { query: '?again=1&lang=de' });
    expect([german.html.includes('aria-invalid'), german.html.includes('<title>Fehler')]).toEqual([false, false]);
  });

  it('is no word to a buyer who has paid since', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open();
    await buyer.sendRefused({ ...fields, amount: '' });
    await buyer.post({ ...fields, amount: '5' });
    const [row] = await rowsOf('payments', shop.workspace.id);
    await pay(String(row?.stripe_session_id), 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    const back = await buyer.open({ query: '?refused=empty' });
    expect([back.text.includes(faults.empty), back.text]).toEqual([
      false,
      expect.stringContaining(notices.alreadyPaid),
    ]);
  });

  it('may be any text: one that is cut between the halves of a character', async () => {
    const shop = await newWorkspace();
    const buyer = new Buyer(await shop.link({ amountMinor: null }));
    const { fields } = await buyer.open();
    const page = await buyer.sendRefused({ ...fields, amount: `${'9'.repeat(39)}💳` });
    expect(page.text).toContain(faults.notANumber.split('{')[0]);
  });
});

describe('a form from another site', () => {
  it('is refused and asks nothing of Stripe', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const before = await footprint(shop);
    const foreign: Record<string, string>[] = [
      ...['https://evil.example', 'null', 'http://localhost', 'http://localhost:8788', 'https://localhost:8787'].map(
        (Origin) => ({ Origin }),
      ),
      ...['http://localhost:8787.evil.example', `${ORIGIN}, https://evil.example`, ''].map((Origin) => ({ Origin })),
      ...['cross-site', 'same-site', 'CROSS-SITE', ''].map((site) => ({ 'Sec-Fetch-Site': site })),
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
    ];
    for (const headers of foreign) {
      const bindings = countedBindings();
      const response = await sendForm(link, fields, { headers, bindings });
      expect([headers, response.status]).toEqual([headers, 403]);
      expect(response.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect([bindings.counts.roundTrips, bindings.LINK_GATE.calls]).toEqual([0, []]);
    }
    expect(await footprint(shop)).toEqual(before);
  });

  it('is taken from our own page, also where a browser sends only one of the two headers', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const own: Record<string, string>[] = [
      { Origin: ORIGIN },
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
      {},
    ];
    for (const headers of own) {
      const { fields } = await openPage(link);
      const request = new Request(`${ORIGIN}${payPath(link.token)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields),
      });
      expect((await fetchWith({}, request)).status).toBe(303);
    }
  });
});

describe('a body that is not our form', () => {
  it('comes back as a form to try again, and asks nothing of Stripe', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    const form = new URLSearchParams(fields).toString();
    const urlencoded = 'application/x-www-form-urlencoded';
    const bodies: [type: string, body: BodyInit][] = [
      ['application/json', JSON.stringify(fields)],
      ['text/plain', form],
      ['multipart/form-data; boundary=x', form],
      ['application/x-www-form-urlencodedx', form],
      ['', form],
      [urlencoded, ''],
      [urlencoded, `${form}&pad=${'x'.repeat(17 * 1024)}`],
      [urlencoded, stream(`${form}&pad=${'x'.repeat(64 * 1024)}`)],
      [urlencoded, new Uint8Array([0xff, 0xfe, 0x00])],
      [urlencoded, '%%%=%zz&&&==='],
      [urlencoded, form.replace('operation=', 'operation=x&operation=')],
    ];
    const before = await footprint(shop);
    for (const [type, body] of bodies) {
      const request = new Request(`${ORIGIN}${payPath(link.token)}`, {
        method: 'POST',
        headers: { 'Content-Type': type, Origin: ORIGIN },
        body,
      });
      const page = await pageOf(await fetchWith({}, request));
      expect([type, page.status, page.text]).toEqual([type, 400, expect.stringContaining(notices.tryAgain)]);
      expect(page.fields.operation).toMatch(/^[0-9A-Za-z]{26}$/);
      expect(page.fields.operation).not.toBe(fields.operation);
    }
    expect(await footprint(shop)).toEqual(before);
  });

  it('comes back the same way where it has no operation, or a made-up one', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { operation: _operation, ...rest } = (await openPage(link, { query: '?reference=R1' })).fields;
    const madeUp = ['', 'x', 'A'.repeat(25), 'A'.repeat(27), `${'A'.repeat(25)}-`, `${'A'.repeat(26)}\n`, 'op_0abc'];
    for (const fields of [rest, ...madeUp.map((operation) => ({ ...rest, operation }))]) {
      const page = await pageOf(await sendForm(link, fields));
      expect([page.status, page.fields.reference]).toEqual([400, 'R1']);
      expect(page.fields.operation).toMatch(/^[0-9A-Za-z]{26}$/);
    }
    expect(await createRequests(shop.account)).toEqual([]);
  });
});

function stream(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}
