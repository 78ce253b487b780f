import { beforeAll, describe, expect, it } from 'vitest';
import { type Body, expectFaults, expectLink, newLink, patchLink, postLink, readLink } from '../support/links.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

const post = (body: Body) => postLink(shop, { title: 'Lamp', ...body });

describe('an amount of a link', () => {
  const taken: [string, Body, number][] = [
    ['gbp', { amount: 19.99 }, 1999],
    ['gbp', { amount: 1.15 }, 115],
    ['gbp', { amount: 8.2 }, 820],
    ['gbp', { amount: 4.35 }, 435],
    ['gbp', { amount: 999_999.99 }, 99_999_999],
    ['gbp', { amount_cents: 30 }, 30],
    ['usd', { amount_cents: 50 }, 50],
    ['jpy', { amount: 100 }, 100],
    ['jpy', { amount_cents: 50 }, 50],
    ['kwd', { amount: 1.23 }, 1230],
    ['kwd', { amount_cents: 1230 }, 1230],
    ['isk', { amount: 5 }, 500],
    ['isk', { amount_cents: 500 }, 500],
    ['ugx', { amount: 5000 }, 500_000],
    ['huf', { amount: 175 }, 17_500],
    ['idr', { amount: 16_000_000 }, 1_600_000_000],
    ['idr', { amount_cents: 999_999_999_999 }, 999_999_999_999],
  ];
  it.each(taken)('in %s, %j is %i in minor units, fixed or as a minimum', async (currency, amount, minor) => {
    const fixed = await expectLink(await post({ currency, ...amount }), 201);
    expect(fixed).toMatchObject({ amount_cents: minor, min_amount_cents: null, amount_editable: false });
    const minimum = { min_amount_cents: amount.amount_cents, min_amount: amount.amount };
    const open = await expectLink(await post({ currency, ...minimum }), 201);
    expect(open).toMatchObject({ amount_cents: null, min_amount_cents: minor, amount_editable: true });
    const changed = await expectLink(await patchLink(shop, open.id, { ...amount, amount_editable: false }));
    expect(changed).toMatchObject({ amount_cents: minor, min_amount_cents: null, amount_editable: false });
  });

  const refused: [string, string, unknown][] = [
    ...[0, -1, -0, 1.005, 49.999, 1_000_000, 1e21, '49.99', '', true, [], {}].map(
      (value): [string, string, unknown] => ['gbp', 'amount', value],
    ),
    ...[0, -1, 1.5, 29, 100_000_000, 2 ** 53 + 1, '5000', '', true, [], {}].map((value): [string, string, unknown] => [
      'gbp',
      'amount_cents',
      value,
    ]),
    ...[49.99, 49, 0.5].map((value): [string, string, unknown] => ['jpy', 'amount', value]),
    ['kwd', 'amount', 1.234],
    ['kwd', 'amount_cents', 1234],
    ['isk', 'amount', 5.5],
    ['isk', 'amount_cents', 550],
    ['ugx', 'amount_cents', 500_050],
    ['huf', 'amount', 174.99],
    ['huf', 'amount_cents', 17_499],
    ['idr', 'amount', 10_000_000_000],
    ['idr', 'amount_cents', 1_000_000_000_000],
    ['kwd', 'amount_cents', 100_000_000],
  ];
  it.each(refused)('in %s, %s %j is refused, fixed or as a minimum', async (currency, field, value) => {
    await expectFaults(shop, () => post({ currency, [field]: value }), [field]);
    await expectFaults(shop, () => post({ currency, [`min_${field}`]: value }), [`min_${field}`]);
    const open = await newLink(shop, { title: 'Tip jar', currency, amount_editable: true });
    const change = { [field]: value, amount_editable: false };
    await expectFaults(shop, () => patchLink(shop, open.id, change), [field]);
    await expectFaults(shop, () => patchLink(shop, open.id, { [`min_${field}`]: value }), [`min_${field}`]);
  });

  it('beyond every double is refused too', async () => {
    for (const number of ['1e999', '-1e999', '1E400']) {
      for (const field of ['amount', 'amount_cents', 'min_amount', 'min_amount_cents', 'minAmount']) {
        const body = `{"title":"Lamp","currency":"gbp","${field}":${number}}`;
        await expectFaults(shop, () => call(shop.key, 'POST', '/payment-links', body), [field]);
      }
    }
  });
});

/** What a link is to be: fixed at 5000, open, or open with a minimum of 500. */
const FIXED = { currency: 'gbp', amount_cents: 5000 };
const OPEN = { currency: 'gbp', amount_editable: true };
const FLOOR = { currency: 'gbp', min_amount_cents: 500 };
const fixed = (amount_cents: number) => ({ amount_cents, min_amount_cents: null, amount_editable: false });
const open = (min_amount_cents: number | null) => ({ amount_cents: null, min_amount_cents, amount_editable: true });

describe('amount, amount_editable and minimum of a new link', () => {
  const cases: [Body, Body | string][] = [
    [{ amount_cents: 5000 }, fixed(5000)],
    [{ amount_cents: 5000, amount_editable: false }, fixed(5000)],
    [{ amount_cents: 5000, min_amount_cents: 100 }, fixed(5000)],
    [{ amount_cents: 5000, min_amount_cents: 'x' }, fixed(5000)],
    [{ amount_cents: 5000, amount_editable: true }, 'amount_cents'],
    [{ amount: 50, amount_editable: true }, 'amount'],
    [{ amount_cents: 5000, amount_editable: true, min_amount: 1 }, 'amount_cents'],
    [{ amount_editable: true }, open(null)],
    [{ amount_editable: true, min_amount_cents: 500 }, open(500)],
    [{ min_amount_cents: 500 }, open(500)],
    [{ min_amount: 5 }, open(500)],
    [{ minAmount: 5 }, open(500)],
    [{}, 'amount_cents'],
    [{ amount_editable: null }, 'amount_cents'],
    [{ amount_editable: false }, 'amount_cents'],
    [{ amount_editable: false, min_amount_cents: 500 }, 'amount_cents'],
  ];
  it.each(cases)('%j gives %j', async (sent, expected) => {
    const send = () => post({ currency: 'gbp', ...sent });
    if (typeof expected === 'string') await expectFaults(shop, send, [expected]);
    else expect(await expectLink(await send(), 201)).toMatchObject(expected);
  });
});

describe('amount, amount_editable and minimum of a change', () => {
  const cases: [Body, Body, Body | string][] = [
    [FIXED, {}, fixed(5000)],
    [FIXED, { title: 'Another' }, { ...fixed(5000), title: 'Another' }],
    [FIXED, { amount: 75 }, fixed(7500)],
    [FIXED, { amount_cents: 7500, amount_editable: false }, fixed(7500)],
    [FIXED, { amount_cents: 7500, amount_editable: true }, 'amount_cents'],
    [FIXED, { amount_editable: false }, fixed(5000)],
    [FIXED, { amount_editable: true }, open(null)],
    [FIXED, { amount_editable: true, minAmount: 3 }, open(300)],
    [FIXED, { min_amount_cents: 300 }, fixed(5000)],
    [FIXED, { amount_cents: null }, 'amount_cents'],
    [FIXED, { amount_cents: null, amount_editable: true }, open(null)],
    [FIXED, { amount_cents: null, min_amount_cents: 300 }, open(300)],
    [OPEN, { amount_cents: 7500 }, 'amount_cents'],
    [OPEN, { amount: 75 }, 'amount'],
    [OPEN, { amount: 75, amount_editable: true }, 'amount'],
    [OPEN, { amount: 75, amount_editable: false }, fixed(7500)],
    [OPEN, { amount_editable: false }, 'amount_cents'],
    [OPEN, { amount_editable: true }, open(null)],
    [OPEN, { min_amount_cents: 300 }, open(300)],
    [OPEN, { minAmount: 3 }, open(300)],
    [OPEN, { minAmount: 0.1 }, 'minAmount'],
    [OPEN, { amount_cents: null }, open(null)],
    [FLOOR, { title: 'Another' }, { ...open(500), title: 'Another' }],
    [FLOOR, { min_amount_cents: null }, open(null)],
    [FLOOR, { minAmount: null }, open(null)],
    [FLOOR, { min_amount: 7.5 }, open(750)],
    [FLOOR, { amount: 75, amount_editable: false }, fixed(7500)],
    [FLOOR, { amount: 75, amount_editable: false, min_amount_cents: 100 }, fixed(7500)],
    [FLOOR, { suggested_amounts_cents: [499] }, 'suggested_amounts_cents.0'],
    [FLOOR, { suggested_amounts_cents: [500] }, { ...open(500), suggested_amounts_cents: [500] }],
    [{ ...OPEN, suggested_amounts_cents: [500] }, { min_amount_cents: 501 }, 'min_amount_cents'],
    [{ ...OPEN, suggested_amounts_cents: [500] }, { min_amount: 5 }, { ...open(500), suggested_amounts_cents: [500] }],
    [{ ...OPEN, suggested_amounts_cents: [500] }, { suggested_amounts_cents: null }, { suggested_amounts_cents: [] }],
    [
      { ...OPEN, suggested_amounts_cents: [500] },
      { amount_cents: 7500, amount_editable: false },
      { ...fixed(7500), suggested_amounts_cents: [] },
    ],
  ];
  it.each(cases)('a link of %j by %j gives %j', async (made, sent, expected) => {
    const { id } = await newLink(shop, { title: 'Lamp', ...made });
    const send = () => patchLink(shop, id, sent);
    if (typeof expected === 'string') {
      await expectFaults(shop, send, [expected]);
      return;
    }
    expect(await expectLink(await send())).toMatchObject(expected);
    expect(await readLink(shop, id)).toMatchObject(expected);
  });
});
