import { beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { expectFaults, expectLink, newLink, postLink, readLink } from '../support/links.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

const FIXED = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 };
const OPEN = { title: 'Tip jar', currency: 'gbp', amount_editable: true };

/** What a link is by itself, beside its title and price. */
const DEFAULTS = {
  description: null,
  kind: 'button',
  min_amount_cents: null,
  suggested_amounts_cents: [],
  active: true,
  show_business_name: false,
  button_color: null,
  button_text_color: null,
  expires_at: null,
  max_payments: null,
  success_url: null,
  inactive_message: null,
};

describe('creating a payment link', () => {
  it('answers the published example', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const link = await newLink(shop, {
      title: 'Studio deposit',
      description: '50% non-refundable booking deposit',
      currency: 'gbp',
      amount: 50.0,
      amount_editable: false,
    });
    expect(link).toEqual({
      ...DEFAULTS,
      id: link.id,
      title: 'Studio deposit',
      description: '50% non-refundable booking deposit',
      amount_cents: 5000,
      currency: 'GBP',
      amount_editable: false,
      url: `http://localhost:8787/pay/link/${link.id}`,
      created_at: link.created_at,
      updated_at: link.created_at,
    });
    expect(Date.parse(link.created_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(link.created_at)).toBeLessThanOrEqual(Date.now());
    expect(await readLink(shop, link.id)).toEqual(link);
  });

  it('keeps every member that is sent', async () => {
    const sent = {
      title: 'Tip jar',
      description: 'Thank you!\nEvery bit helps.',
      kind: 'link',
      currency: 'EUR',
      amount_editable: true,
      min_amount_cents: 200,
      suggested_amounts_cents: [500, 200, 1000, 2000, 5000, 10000],
      active: false,
      show_business_name: true,
      button_color: '#1d4ed8',
      button_text_color: '#fff',
      expires_at: '2031-12-31T23:59:59Z',
      max_payments: 100_000,
      success_url: 'https://yoursite.com/thanks?from=link',
      inactive_message: 'Come back next year.',
    };
    const link = await newLink(shop, sent);
    expect(link).toMatchObject({ ...sent, amount_cents: null });
    expect(await readLink(shop, link.id)).toEqual(link);
  });

  it('takes null for every optional member as not sent', async () => {
    const nulls = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, null]));
    const aliases = { amount: null, min_amount: null, minAmount: null, showBusinessName: null, buttonColor: null };
    const link = await newLink(shop, { ...nulls, ...aliases, buttonTextColor: null, amount_editable: null, ...FIXED });
    expect(link).toMatchObject({ ...DEFAULTS, title: FIXED.title, amount_cents: 5000, amount_editable: false });
  });

  it('writes one row and says in the audit log who did it', async () => {
    const own = await newWorkspace();
    const link = await newLink(own, FIXED);
    const rows = await rowsOf('payment_links', own.workspace.id);
    expect(rows).toMatchObject([
      { token: link.id, amount_minor: 5000, currency: 'GBP', suggested_amounts_minor: null },
    ]);
    const audit = await rowsOf('audit_log', own.workspace.id);
    expect(audit.filter(({ action }) => action === 'payment_link.create')).toMatchObject([
      { object: link.id, actor: expect.stringMatching(`^key:key_${own.shard}`) },
    ]);
  });

  it('never gives the same id twice', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await newLink(shop, FIXED)).id));
    expect(new Set(ids).size).toBe(10);
  });
});

describe('kind', () => {
  it.each([
    ['link', 'link'],
    ...['button', 'Link', 'LINK', ' link', 'poster', ''].map((kind) => [kind, 'button']),
    ...[1, true, [], ['link'], {}].map((kind) => [kind, 'button']),
  ])('%j makes a %s', async (kind, made) => {
    expect(await newLink(shop, { ...FIXED, kind })).toMatchObject({ kind: made });
  });
});

describe('a member that the body may not set', () => {
  it('is never applied', async () => {
    const other = await newWorkspace();
    const link = await shop.link();
    const foreign = {
      id: link.token,
      token: link.token,
      tenant_id: other.workspace.id,
      workspace_id: other.workspace.id,
      workspaceId: other.workspace.id,
      livemode: true,
      url: 'https://evil.example',
      created_at: '2001-01-01T00:00:00Z',
      updated_at: '2001-01-01T00:00:00Z',
      createdAt: 1,
      minAmountMinor: 1,
      amountMinor: 1,
      maxPayments: 1,
      expiresAt: '2001-01-01T00:00:00Z',
    };
    const made = await newLink(shop, { ...FIXED, ...foreign });
    expect(made).toMatchObject({ ...DEFAULTS, amount_cents: 5000, url: `http://localhost:8787/pay/link/${made.id}` });
    expect(made.id).not.toBe(link.token);
    expect(made.created_at > '2025').toBe(true);
    expect(await rowsOf('payment_links', other.workspace.id)).toEqual([]);
    expect((await rowsOf('payment_links', shop.workspace.id)).at(-1)).toMatchObject({ token: made.id });
  });
});

describe('a body with many faults', () => {
  it('is answered with all of them at once', async () => {
    const body = {
      title: '',
      currency: 'zzz',
      amount_cents: 'x',
      active: 1,
      button_color: 'red',
      buttonTextColor: 'red',
      expires_at: 'tomorrow',
      max_payments: 0,
      success_url: 'javascript:alert(1)',
      description: 7,
      inactive_message: {},
    };
    const paths = Object.keys(body);
    await expectFaults(shop, () => postLink(shop, body), paths);
  });

  it('without anything names what is required', async () => {
    await expectFaults(shop, () => postLink(shop, {}), ['title', 'currency', 'amount_cents']);
    await expectFaults(shop, () => postLink(shop, { amount_editable: 'yes' }), [
      'title',
      'currency',
      'amount_editable',
    ]);
  });

  it('does not grow without bound', async () => {
    const many = { ...OPEN, suggested_amounts_cents: Array.from({ length: 10_000 }, () => 0) };
    await expectFaults(shop, () => postLink(shop, many), ['suggested_amounts_cents']);
  });

  it('beside the account: a link needs none', async () => {
    const unconnected = await newWorkspace({ account: 'none' });
    await expectLink(await postLink(unconnected, FIXED), 201);
  });
});
