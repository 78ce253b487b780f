import { describe, expect, it } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { createRequests, expectError, expectSession, footprint, rowsOf } from '../support/api.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const { success_url, cancel_url } = SESSION;

const create = (shop: TestWorkspace, body: Record<string, unknown>) =>
  call(shop.key, 'POST', '/checkout-sessions', { success_url, cancel_url, ...body });

const openLink = { amountMinor: null, minAmountMinor: 1500 };

describe('a payment_link_token of a link with a price', () => {
  it('charges that price and names the link', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ title: 'Studio deposit', amountMinor: 5000, currency: 'GBP' });
    const session = await expectSession(await create(shop, { payment_link_token: link.token, reference: 'r' }));
    expect(session).toMatchObject({
      amount_cents: 5000,
      currency: 'GBP',
      payment_link_id: link.id,
      payment_link_token: link.token,
      reference: 'r',
    });
    const [asked] = await createRequests(shop.account);
    const { name, ...price } = { name: 'Studio deposit', currency: 'gbp', unit_amount: '5000' };
    expect(asked?.params.line_items).toEqual({
      0: { quantity: '1', price_data: { ...price, product_data: { name } } },
    });
    expect(asked?.params.metadata).toMatchObject({ softsolz_payment_link: link.token, softsolz_reference: 'r' });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ payment_link_id: link.id }]);
  });

  it('ignores what the request says about money and the line item', async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link({ title: 'Lamp', amountMinor: 700, currency: 'JPY' });
    const said = [
      { amount_cents: 1, currency: 'gbp' },
      { amount: 49.99, currency: 'zzz' },
      { amount: -1, amount_cents: 'x', currency: ['gbp'] },
      { amount: null, amount_cents: null, currency: null },
      { amount_cents: 1e21, description: 'Another name' },
    ];
    for (const members of said) {
      const session = await expectSession(await create(shop, { ...members, payment_link_token: token }));
      expect([session.amount_cents, session.currency]).toEqual([700, 'JPY']);
      expect(JSON.stringify((await createRequests(shop.account)).at(-1)?.params.line_items)).toContain('"name":"Lamp"');
    }
  });
});

describe('a payment_link_token of a link without a price', () => {
  it("takes the request's amount in the link's currency", async () => {
    const shop = await newWorkspace();
    const { token, id } = await shop.link({ ...openLink, currency: 'EUR' });
    const accepted = [
      [{ amount_cents: 1500 }, 1500],
      [{ amount: 15 }, 1500],
      [{ amount: 19.99, currency: 'jpy' }, 1999],
      [{ amount_cents: 99_999_999, amount: 'x' }, 99_999_999],
    ] as const;
    for (const [members, minor] of accepted) {
      const session = await expectSession(await create(shop, { ...members, payment_link_token: token }));
      expect([session.amount_cents, session.currency, session.payment_link_id]).toEqual([minor, 'EUR', id]);
    }
  });

  it("refuses an amount below the link's minimum, or one that is none", async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link({ ...openLink, currency: 'EUR' });
    const before = await footprint(shop);
    const refused = [
      [{}, 'amount_cents'],
      [{ amount: null, amount_cents: null }, 'amount_cents'],
      [{ amount_cents: 1499 }, 'amount_cents'],
      [{ amount_cents: '1500' }, 'amount_cents'],
      [{ amount_cents: 15.5 }, 'amount_cents'],
      [{ amount: 14.999 }, 'amount'],
      [{ amount: '20' }, 'amount'],
      [{ amount_cents: 100_000_000 }, 'amount_cents'],
    ] as const;
    for (const [members, path] of refused) {
      const error = await expectError(
        await create(shop, { ...members, payment_link_token: token }),
        400,
        'invalid_amount',
      );
      expect(error.details?.map((detail) => [detail.path, detail.code])).toEqual([[path, 'invalid_amount']]);
    }
    const words = [
      [{ amount_cents: 1499 }, "amount_cents must be at least 1500 (15.00 EUR), this link's minimum."],
      [{ amount: 14.99 }, "amount must be at least 15.00 EUR, this link's minimum."],
    ] as const;
    for (const [members, message] of words) {
      const answer = await create(shop, { ...members, payment_link_token: token });
      expect((await expectError(answer, 400, 'invalid_amount')).message).toBe(message);
    }
    expect(await footprint(shop)).toEqual(before);
  });

  it('without a minimum of its own has that of its currency', async () => {
    const shop = await newWorkspace();
    const { token } = await shop.link({ amountMinor: null, minAmountMinor: null, currency: 'JPY' });
    await expectError(await create(shop, { payment_link_token: token, amount_cents: 49 }), 400, 'invalid_amount');
    await expectError(await create(shop, { payment_link_token: token, amount: 100.5 }), 400, 'invalid_amount');
    const session = await expectSession(await create(shop, { payment_link_token: token, amount: 50 }));
    expect([session.amount_cents, session.currency]).toEqual([50, 'JPY']);
  });
});

describe('a payment_link_token that cannot be used', () => {
  it('is the same 404 whether unknown, of another workspace or of the other mode', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const stranger = await newWorkspace({ mode: 'live' });
    const tokens = [
      ...[newPaymentLinkToken('0'), (await sandbox.link()).token, (await stranger.link()).token],
      ...['', 'lnk_', 'lnk_8f3c2a1b9d', ' ', "' OR 1=1 --", 'x'.repeat(10_000), String((await live.link()).id)],
    ];
    const before = await footprint(live);
    const answers = new Set<string>();
    for (const payment_link_token of tokens) {
      const response = await create(live, { payment_link_token, amount_cents: 5000, currency: 'gbp' });
      const error = await expectError(response, 404, 'not_found');
      answers.add(JSON.stringify(error));
    }
    expect(answers.size).toBe(1);
    expect(await footprint(live)).toEqual(before);
  });

  it('is refused by its type before anything is looked up', async () => {
    const shop = await newWorkspace();
    for (const payment_link_token of [1, true, [], {}, ['lnk_x']]) {
      const error = await expectError(await create(shop, { payment_link_token }), 400, 'validation_failed');
      expect(error.details?.map(({ path }) => path)).toEqual(['payment_link_token']);
    }
  });

  it('is 409 while its link is switched off, before its amount is judged', async () => {
    const shop = await newWorkspace();
    const links = [await shop.link(), await shop.link(openLink)];
    await shop.binding
      .prepare('UPDATE payment_links SET active = 0 WHERE workspace_id = ?')
      .bind(shop.workspace.id)
      .run();
    const before = await footprint(shop);
    for (const { token } of links) {
      const response = await create(shop, { payment_link_token: token, amount_cents: 1 });
      await expectError(response, 409, 'payment_link_inactive');
    }
    expect(await footprint(shop)).toEqual(before);
  });

  it('comes after the account, and after the faults of the body', async () => {
    const shop = await newWorkspace({ account: 'none' });
    const payment_link_token = newPaymentLinkToken('0');
    await expectError(await create(shop, { payment_link_token }), 409, 'CONNECT_ACCOUNT_MISSING');
    await expectError(await create(shop, { payment_link_token, success_url: 'x' }), 400, 'invalid_url');
  });

  it('is absent when null: then the request names the price', async () => {
    const shop = await newWorkspace();
    const response = await create(shop, { payment_link_token: null, amount: 49.99, currency: 'gbp' });
    expect(await expectSession(response)).toMatchObject({ payment_link_id: null, payment_link_token: null });
    await expectError(await create(shop, { payment_link_token: null }), 400, 'invalid_amount');
  });
});
