import { beforeAll, describe, expect, it } from 'vitest';
import { createRequests, expectError, expectSession, footprint } from '../support/api.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

const { success_url, cancel_url } = SESSION;
const urls = JSON.stringify({ success_url, cancel_url }).slice(1, -1);

/** Sends the members as they are written: JSON can say more than JavaScript's numbers. */
const create = (members: string) => call(shop.key, 'POST', '/checkout-sessions', `{${members},${urls}}`);

async function expectRefused(members: string, code: string, path: string) {
  const before = await footprint(shop);
  const error = await expectError(await create(members), 400, code);
  expect({ members, faults: error.details?.map((detail) => [detail.path, detail.code]) }).toEqual({
    members,
    faults: [[path, code]],
  });
  expect(error.message).toContain(path);
  expect(await footprint(shop)).toEqual(before);
}

/** Answered with this amount and currency, and Stripe asked for the same. */
async function expectCharged(members: string, amountMinor: number, currency: string) {
  const session = await expectSession(await create(members));
  expect({ members, amount: session.amount_cents, currency: session.currency }).toEqual({
    members,
    amount: amountMinor,
    currency,
  });
  const asked = JSON.stringify((await createRequests(shop.account)).at(-1)?.params.line_items);
  expect(asked).toContain(`"currency":"${currency.toLowerCase()}"`);
  expect(asked).toContain(`"unit_amount":"${amountMinor}"`);
}

describe('amount, in major units', () => {
  it('becomes minor units by its decimal text', async () => {
    const exact = [
      ...([
        ['49.99', 4999],
        ['19.99', 1999],
        ['1.15', 115],
        ['8.2', 820],
        ['4.35', 435],
        ['100', 10_000],
      ] as const),
      ...([
        ['0.3', 30],
        ['0.30', 30],
        ['1e2', 10_000],
        ['5.0000', 500],
        ['999999.99', 99_999_999],
      ] as const),
      ...([
        ['1.1', 110],
        ['2.3', 230],
        ['1.4', 140],
        ['16.1', 1610],
        ['64.1', 6410],
        ['1024.29', 102_429],
      ] as const),
    ];
    for (const [amount, minor] of exact) await expectCharged(`"amount":${amount},"currency":"gbp"`, minor, 'GBP');
  });

  it('must be a positive JSON number that the currency can hold', async () => {
    const refused = [
      ...['0', '-1', '-0', '-0.01', '0.0', '1e999', '-1e999', '1e-7', '1e21', '0.001', '1.005', '49.999', '1e-400'],
      ...['"49.99"', '"1"', 'true', 'false', '[]', '[49.99]', '{}', '""', '"\u0664\u0669"'],
      ...['0.29', '0.01', '1000000', '1000000.00', '9007199254740993'],
    ];
    for (const amount of refused)
      await expectRefused(`"amount":${amount},"currency":"gbp"`, 'invalid_amount', 'amount');
  });
});

describe('amount_cents, in minor units', () => {
  it('is charged as it is, from the minimum to the maximum', async () => {
    for (const amount of [30, 31, 4999, 99_999_999]) {
      await expectCharged(`"amount_cents":${amount},"currency":"gbp"`, amount, 'GBP');
    }
    await expectCharged('"amount_cents":4.999e3,"currency":"gbp"', 4999, 'GBP');
    await expectCharged('"amount_cents":4999.0,"currency":"gbp"', 4999, 'GBP');
  });

  it('must be a positive integer', async () => {
    const refused = [
      ...['0', '-1', '-0', '1.5', '4999.5', '1e999', '-1e999', '1e-7', '0.3', '29', '1', '100000000', '1e21'],
      ...['9007199254740993', '9007199254740992', '"4999"', 'true', '[]', '[4999]', '{}', '""'],
    ];
    for (const amount of refused) {
      await expectRefused(`"amount_cents":${amount},"currency":"gbp"`, 'invalid_amount', 'amount_cents');
    }
  });

  it('wins over amount, whatever that says', async () => {
    for (const amount of ['49.99', '-1', '"x"', '[]', '1e999', 'null']) {
      await expectCharged(`"amount":${amount},"amount_cents":1234,"currency":"gbp"`, 1234, 'GBP');
    }
    await expectRefused('"amount":49.99,"amount_cents":1.5,"currency":"gbp"', 'invalid_amount', 'amount_cents');
    await expectCharged('"amount":49.99,"amount_cents":null,"currency":"gbp"', 4999, 'GBP');
  });

  it('or amount is required', async () => {
    await expectRefused('"currency":"gbp"', 'invalid_amount', 'amount_cents');
    await expectRefused('"amount":null,"amount_cents":null,"currency":"gbp"', 'invalid_amount', 'amount_cents');
  });
});

describe('currency', () => {
  it('is three letters in any case, answered in upper case', async () => {
    for (const currency of ['gbp', 'GBP', 'gBp']) {
      await expectCharged(`"amount_cents":4999,"currency":"${currency}"`, 4999, 'GBP');
    }
  });

  it('must be one that Stripe takes', async () => {
    const refused = [
      ...[
        '"GB"',
        '"GBPP"',
        '"GBP "',
        '" gbp"',
        '"gbp\\n"',
        '"\uff27\uff22\uff30"',
        '"zzz"',
        '""',
        '"gb1"',
        '"G\u0411P"',
      ],
      ...['null', '1', 'true', '[]', '["gbp"]', '{}', '"constructor"', '"\u0130sk"', '"btc"', '"xau"'],
    ];
    for (const currency of refused) {
      await expectRefused(`"amount":49.99,"currency":${currency}`, 'invalid_currency', 'currency');
      await expectRefused(`"amount_cents":1,"currency":${currency}`, 'invalid_currency', 'currency');
    }
    await expectRefused('"amount":49.99', 'invalid_currency', 'currency');
  });

  it('decides the exponent: two, none, three, or steps of a hundred', async () => {
    const charged = [
      ...([
        ['jpy', '100', 100],
        ['jpy', '50', 50],
        ['krw', '1000', 1000],
        ['usd', '0.5', 50],
      ] as const),
      ...([
        ['kwd', '1.23', 1230],
        ['kwd', '1.230', 1230],
        ['kwd', '0.01', 10],
        ['bhd', '2', 2000],
      ] as const),
      ...([
        ['isk', '100', 10_000],
        ['ugx', '1', 100],
        ['huf', '175', 17_500],
        ['cop', '0.5', 50],
      ] as const),
      ...([
        ['clp', '1', 1],
        ['vnd', '23000', 23_000],
        ['twd', '10', 1000],
        ['xof', '99999999', 99_999_999],
        ['idr', '1000000', 100_000_000],
        ['idr', '9999999999.99', 999_999_999_999],
      ] as const),
    ];
    for (const [code, amount, minor] of charged) {
      await expectCharged(`"amount":${amount},"currency":"${code}"`, minor, code.toUpperCase());
      await expectCharged(`"amount_cents":${minor},"currency":"${code}"`, minor, code.toUpperCase());
    }
  });

  it('refuses amounts between its steps and below its minimum', async () => {
    const inMajor = [
      ...([
        ['jpy', '49.99'],
        ['jpy', '100.5'],
        ['jpy', '49'],
        ['kwd', '1.234'],
        ['kwd', '1.2345'],
        ['kwd', '0.001'],
      ] as const),
      ...([
        ['isk', '100.5'],
        ['isk', '0.01'],
        ['ugx', '1.5'],
        ['huf', '174.99'],
        ['usd', '0.49'],
        ['xof', '1e8'],
        ['idr', '10000000000'],
      ] as const),
    ];
    for (const [code, amount] of inMajor) {
      await expectRefused(`"amount":${amount},"currency":"${code}"`, 'invalid_amount', 'amount');
    }
    const inMinor = [
      ...([
        ['jpy', 49],
        ['kwd', 1234],
        ['kwd', 5],
        ['isk', 150],
        ['isk', 50],
        ['ugx', 101],
        ['huf', 17_499],
      ] as const),
      ...([
        ['usd', 49],
        ['aed', 199],
        ['mxn', 999],
      ] as const),
    ];
    for (const [code, amount] of inMinor) {
      await expectRefused(`"amount_cents":${amount},"currency":"${code}"`, 'invalid_amount', 'amount_cents');
    }
  });

  it('that is wrong leaves only the amount as such to be judged', async () => {
    const error = await expectError(await create('"amount":-1,"currency":"zzz"'), 400, 'invalid_amount');
    expect(error.details?.map(({ path }) => path).sort()).toEqual(['amount', 'currency']);
    const over = await expectError(
      await create('"amount_cents":1000000000000,"currency":"zzz"'),
      400,
      'invalid_amount',
    );
    expect(over.details?.map(({ path }) => path).sort()).toEqual(['amount_cents', 'currency']);
  });
});
