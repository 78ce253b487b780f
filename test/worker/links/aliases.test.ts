import { beforeAll, describe, expect, it } from 'vitest';
import { type Body, expectFaults, newLink, postLink } from '../support/links.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

const FIXED = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 };
const OPEN = { title: 'Tip jar', currency: 'gbp', amount_editable: true };

describe('an alias', () => {
  const cases: [Body, Body][] = [
    [{ showBusinessName: true }, { show_business_name: true }],
    [{ showBusinessName: false, show_business_name: true }, { show_business_name: true }],
    [{ showBusinessName: true, show_business_name: false }, { show_business_name: false }],
    [{ showBusinessName: true, show_business_name: null }, { show_business_name: true }],
    [{ buttonColor: '#ABC' }, { button_color: '#abc' }],
    [{ buttonColor: '#ABC', button_color: '#123456' }, { button_color: '#123456' }],
    [{ buttonColor: 'red', button_color: '#123456' }, { button_color: '#123456' }],
    [{ buttonTextColor: '#DEF' }, { button_text_color: '#def' }],
    [{ buttonTextColor: '#DEF', button_text_color: '#FEDCBA' }, { button_text_color: '#fedcba' }],
    [{ buttonTextColor: '#DEF', button_text_color: null }, { button_text_color: '#def' }],
  ];
  it.each(cases)('%j gives %j', async (sent, expected) => {
    expect(await newLink(shop, { ...FIXED, ...sent })).toMatchObject(expected);
  });

  const money: [Body, Body][] = [
    [{ amount: 75 }, { amount_cents: 7500 }],
    [{ amount: 75, amount_cents: 5000 }, { amount_cents: 5000 }],
    [{ amount: 'x', amount_cents: 5000 }, { amount_cents: 5000 }],
    [{ amount: 75, amount_cents: null }, { amount_cents: 7500 }],
    [{ minAmount: 3 }, { min_amount_cents: 300, amount_editable: true }],
    [{ min_amount: 4 }, { min_amount_cents: 400, amount_editable: true }],
    [{ min_amount: 4, minAmount: 3 }, { min_amount_cents: 400 }],
    [{ min_amount: null, minAmount: 3 }, { min_amount_cents: 300 }],
    [{ min_amount_cents: 500, min_amount: 4, minAmount: 3 }, { min_amount_cents: 500 }],
    [{ min_amount_cents: 500, min_amount: 'x', minAmount: -1 }, { min_amount_cents: 500 }],
    [{ min_amount_cents: null, min_amount: null, minAmount: 3.5 }, { min_amount_cents: 350 }],
  ];
  it.each(money)('of an amount, %j gives %j', async (sent, expected) => {
    expect(await newLink(shop, { title: 'Tip jar', currency: 'gbp', ...sent })).toMatchObject(expected);
  });

  const refused: [Body, string][] = [
    [{ ...FIXED, showBusinessName: 'yes' }, 'showBusinessName'],
    [{ ...FIXED, show_business_name: 'yes' }, 'show_business_name'],
    [{ ...FIXED, show_business_name: 'yes', showBusinessName: true }, 'show_business_name'],
    [{ ...FIXED, buttonColor: 'red' }, 'buttonColor'],
    [{ ...FIXED, buttonTextColor: 'red', button_text_color: null }, 'buttonTextColor'],
    [{ ...FIXED, button_text_color: 'red', buttonTextColor: '#fff' }, 'button_text_color'],
    [{ ...OPEN, minAmount: -1 }, 'minAmount'],
    [{ ...OPEN, minAmount: 0.001 }, 'minAmount'],
    [{ ...OPEN, minAmount: 0.1 }, 'minAmount'],
    [{ ...OPEN, min_amount: '5', minAmount: 5 }, 'min_amount'],
    [{ ...OPEN, min_amount: null, minAmount: '5' }, 'minAmount'],
    [{ title: 'x', currency: 'gbp', amount: '50' }, 'amount'],
    [{ title: 'x', currency: 'gbp', amount: 50.005 }, 'amount'],
  ];
  it.each(refused)('that is wrong is named as it was written: %j', async (sent, path) => {
    await expectFaults(shop, () => postLink(shop, sent), [path]);
  });
});
