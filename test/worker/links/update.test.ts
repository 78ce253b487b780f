import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';
import { callWith, expectError, footprint, rowsOf } from '../support/api.ts';
import { interruptedD1, wrapD1 } from '../support/counting.ts';
import { type Body, expectFaults, expectLink, newLink, patchLink, readLink, writtenBy } from '../support/links.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Time stands still, but for what is given. Answers the moment as the API writes it. */
function clock(seconds: number): string {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_900_000_000_000 + seconds * 1000);
  return `${new Date(1_900_000_000_000 + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

const DEPOSIT = {
  title: 'Studio deposit',
  description: '50% non-refundable booking deposit',
  currency: 'gbp',
  amount: 50.0,
  amount_editable: false,
};

/** A link with every member set. */
const FULL = {
  title: 'Tip jar',
  description: 'Thank you!',
  kind: 'link',
  currency: 'gbp',
  min_amount_cents: 200,
  suggested_amounts_cents: [500, 1000],
  show_business_name: true,
  button_color: '#1d4ed8',
  button_text_color: '#ffffff',
  expires_at: '2099-12-31T23:59:59Z',
  max_payments: 7,
  success_url: 'https://yoursite.com/thanks',
  inactive_message: 'Come back next year.',
};

describe('updating a payment link', () => {
  it('answers the published example', async () => {
    const created_at = clock(0);
    const link = await newLink(shop, DEPOSIT);
    const updated_at = clock(300);
    const sent = { title: 'Studio deposit (spring season)', amount: 75.0, active: true };
    const changed = await expectLink(await patchLink(shop, link.id, sent));
    expect(changed).toEqual({
      ...link,
      title: 'Studio deposit (spring season)',
      amount_cents: 7500,
      created_at,
      updated_at,
    });
    expect(await readLink(shop, link.id)).toEqual(changed);
  });

  const alone: [Body, Body?][] = [
    [{ title: 'Another' }],
    [{ description: 'Another' }],
    [{ active: false }],
    [{ show_business_name: false }],
    [{ showBusinessName: false }, { show_business_name: false }],
    [{ button_color: '#000' }],
    [{ buttonColor: '#ABC' }, { button_color: '#abc' }],
    [{ button_text_color: '#000' }],
    [{ buttonTextColor: '#ABC' }, { button_text_color: '#abc' }],
    [{ expires_at: '2098-01-01T00:00:00Z' }],
    [{ max_payments: 8 }],
    [{ success_url: 'https://yoursite.com/other' }],
    [{ inactive_message: 'Gone.' }],
    [{ min_amount_cents: 300 }],
    [{ minAmount: 3 }, { min_amount_cents: 300 }],
    [{ suggested_amounts_cents: [700] }],
    [{ suggested_amounts_cents: [] }],
    ...['description', 'button_color', 'button_text_color', 'expires_at', 'max_payments', 'success_url'].map(
      (name): [Body] => [{ [name]: null }],
    ),
    [{ inactive_message: null }],
    [{ buttonColor: null }, { button_color: null }],
    [{ min_amount_cents: null }],
    [{ minAmount: null }, { min_amount_cents: null }],
    [{ suggested_amounts_cents: null }, { suggested_amounts_cents: [] }],
  ];
  it.each(alone)('by %j changes that and nothing else', async (sent, expected = sent) => {
    clock(0);
    const link = await newLink(shop, FULL);
    const updated_at = clock(60);
    const changed = await expectLink(await patchLink(shop, link.id, sent));
    expect(changed).toEqual({ ...link, ...expected, updated_at });
    expect(await readLink(shop, link.id)).toEqual(changed);
  });

  it('by a title changes a link with a price too', async () => {
    const link = await newLink(shop, DEPOSIT);
    expect(await expectLink(await patchLink(shop, link.id, { title: 'Another' }))).toMatchObject({ title: 'Another' });
    expect(await readLink(shop, link.id)).toMatchObject({ title: 'Another', amount_cents: 5000 });
  });

  it('is written in the audit log once', async () => {
    const own = await newWorkspace();
    const link = await newLink(own, DEPOSIT);
    await expectLink(await patchLink(own, link.id, { title: 'Another' }));
    const audit = await rowsOf('audit_log', own.workspace.id);
    expect(audit.filter(({ object }) => object === link.id).map(({ action }) => action)).toEqual([
      'payment_link.create',
      'payment_link.update',
    ]);
  });

  it('lets changes of different members at the same time all stand', async () => {
    const link = await newLink(shop, DEPOSIT);
    const changes = [
      { title: 'Another' },
      { description: null },
      { active: false },
      { amount: 75 },
      { button_color: '#000000' },
      { expires_at: '2098-01-01T00:00:00Z' },
      { success_url: 'https://yoursite.com/other' },
      { inactive_message: 'Gone.' },
    ];
    const answers = await Promise.all(changes.map((sent) => patchLink(shop, link.id, sent)));
    for (const answer of answers) await expectLink(answer);
    const { amount: _, ...others } = Object.assign({}, ...changes);
    expect(await readLink(shop, link.id)).toMatchObject({ ...others, amount_cents: 7500 });
  });
});

describe('two changes of one link at the same time', () => {
  it('give it the price of one after the other, never a mix of both', async () => {
    const fixed = { amount_editable: false, amount_cents: 5000 };
    const minimum = { min_amount_cents: 656 };
    for (const [first, second] of [
      [fixed, minimum],
      [minimum, fixed],
    ] as const) {
      for (let trip = 1; trip <= 4; trip++) {
        const link = await newLink(shop, { title: 'Tip jar', currency: 'gbp', amount_editable: true });
        let meanwhile = false;
        const bindings = interruptedD1(env, trip, async () => {
          meanwhile = true;
          await expectLink(await patchLink(shop, link.id, second));
        });
        await expectLink(await callWith(bindings, shop.key, 'PATCH', `/payment-links/${link.id}`, first));
        // A minimum sent to a fixed price is ignored, so the fixed price stands in either order.
        if (meanwhile) expect(await readLink(shop, link.id)).toMatchObject({ ...fixed, min_amount_cents: null });
      }
    }
  });

  it('is refused, with nothing changed, where others keep changing its price', async () => {
    const link = await newLink(shop, { title: 'Tip jar', currency: 'gbp', amount_editable: true });
    let price = 100;
    const bindings = wrapD1(env, async (work) => {
      await shop.binding
        .prepare('UPDATE payment_links SET min_amount_minor = ? WHERE token = ?')
        .bind(++price, link.id)
        .run();
      return await work();
    });
    await expectError(
      await callWith(bindings, shop.key, 'PATCH', `/payment-links/${link.id}`, { title: 'Another' }),
      503,
      'service_unavailable',
    );
    expect(await readLink(shop, link.id)).toMatchObject({ title: 'Tip jar' });
  });
});

describe('a change of nothing', () => {
  const nothing: Body[] = [
    {},
    { title: FULL.title },
    { currency: 'gbp' },
    { currency: 'GBP', kind: 'link' },
    { amount_editable: true, min_amount: 2, suggested_amounts_cents: [500, 1000] },
    { expires_at: '2100-01-01T01:59:59+02:00', button_color: '#1D4ED8' },
    { max_payments: 7 },
    { unknown: 1, tenant_id: 'x', id: 'lnk_x' },
  ];
  it.each(nothing)('%j answers the link as it is and writes nothing', async (sent) => {
    clock(0);
    const link = await newLink(shop, FULL);
    clock(60);
    const before = await writtenBy(shop);
    expect(await expectLink(await patchLink(shop, link.id, sent))).toEqual(link);
    expect(await writtenBy(shop)).toEqual(before);
  });
});

describe('what cannot be changed', () => {
  it.each(['title', 'active', 'show_business_name', 'showBusinessName', 'amount_editable', 'currency', 'kind'])(
    '%s cannot be cleared',
    async (name) => {
      const link = await newLink(shop, FULL);
      await expectFaults(shop, () => patchLink(shop, link.id, { [name]: null }), [name]);
    },
  );

  it('currency and kind may only be sent as they are', async () => {
    const link = await newLink(shop, FULL);
    const button = await newLink(shop, { ...FULL, kind: 'button' });
    for (const currency of ['eur', 'zzz', '', 'GBP ', 826, []]) {
      await expectFaults(shop, () => patchLink(shop, link.id, { currency, title: 'Another' }), ['currency']);
    }
    for (const kind of ['button', 'Link', '', 1]) {
      await expectFaults(shop, () => patchLink(shop, link.id, { kind }), ['kind']);
    }
    await expectFaults(shop, () => patchLink(shop, button.id, { kind: 'link', currency: 'eur' }), ['kind', 'currency']);
    expect(await expectLink(await patchLink(shop, button.id, { kind: 'button' }))).toEqual(button);
  });

  it('id, token, workspace, mode and times are never applied', async () => {
    const other = await newWorkspace();
    const link = await newLink(shop, DEPOSIT);
    const second = await newLink(shop, DEPOSIT);
    const sent = {
      ...{ id: second.id, token: second.id, tenant_id: other.workspace.id, workspace_id: other.workspace.id },
      ...{ workspaceId: other.workspace.id, livemode: true, url: 'https://evil.example', amountMinor: 1 },
      ...{ created_at: '2001-01-01T00:00:00Z', createdAt: 1, updated_at: '2001-01-01T00:00:00Z', updatedAt: 1 },
    };
    const changed = await expectLink(await patchLink(shop, link.id, { ...sent, title: 'Another' }));
    expect(changed).toEqual({ ...link, title: 'Another', updated_at: changed.updated_at });
    expect(changed.updated_at >= link.created_at).toBe(true);
    expect(await readLink(shop, second.id)).toEqual(second);
    expect(await rowsOf('payment_links', other.workspace.id)).toEqual([]);
  });

  it('is reported with all other faults at once', async () => {
    const link = await newLink(shop, DEPOSIT);
    const plain = { title: '', active: null, amount: '75', button_color: 'red', max_payments: 0 };
    await expectFaults(shop, () => patchLink(shop, link.id, plain), Object.keys(plain));
    const byLink = { currency: 'eur', kind: 'link', amount: 0.01 };
    await expectFaults(shop, () => patchLink(shop, link.id, byLink), Object.keys(byLink));
  });
});

describe('a link of nobody, of another workspace or of the other mode', () => {
  it('is the same 404 for reading, changing and sharing', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const strangers = [await shop.link(), await sandbox.link()];
    const ids = [
      ...strangers.map(({ token }) => token),
      ...[newPaymentLinkToken('0'), newPaymentLinkToken('z'), String((await live.link()).id), 'lnk_8f3c2a1b9d'],
      ...['lnk_', 'x', '%00', '%27%20OR%201=1', 'x'.repeat(5000), (await live.link()).token.toUpperCase()],
    ];
    const before = await Promise.all([live, sandbox, shop].map(footprint));
    const answers = new Set<string>();
    for (const id of ids) {
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { title: 'Stolen' }],
        ['PATCH', '', {}],
        ['GET', '/snippet', undefined],
      ] as const) {
        const response = await call(live.key, method, `/payment-links/${id}${path}`, body);
        answers.add(JSON.stringify(await expectError(response, 404, 'not_found')));
      }
    }
    expect(answers.size).toBe(1);
    expect(await Promise.all([live, sandbox, shop].map(footprint))).toEqual(before);
    for (const stranger of strangers) {
      const [row] = await rowsOf('payment_links', stranger.workspaceId).then((rows) =>
        rows.filter(({ token }) => token === stranger.token),
      );
      expect(row).toMatchObject({ title: stranger.title });
    }
  });

  it('is 404 after the faults of the body, and before those that only the link shows', async () => {
    const id = newPaymentLinkToken('0');
    for (const [sent, path] of [
      [{ title: '' }, 'title'],
      [{ amount: '75' }, 'amount'],
      [{ amount_cents: 1.5 }, 'amount_cents'],
      [{ minAmount: -1 }, 'minAmount'],
    ] as const) {
      await expectFaults(shop, () => patchLink(shop, id, sent), [path]);
    }
    for (const sent of [{ currency: 'zzz' }, { kind: 'poster' }, { amount: 0.01 }, { amount_editable: false }]) {
      await expectError(await patchLink(shop, id, sent), 404, 'not_found');
    }
  });
});
