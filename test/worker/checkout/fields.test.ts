import { beforeAll, describe, expect, it } from 'vitest';
import { createRequests, expectError, expectSession, footprint, rowsOf } from '../support/api.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

type Changes = Record<string, unknown>;
const create = (changes: Changes) => call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, ...changes });
const records = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key_${index}`, 'v']));

/** Refused with these faults, each named by its field, and nothing done. Answers the messages. */
async function expectFaults(changes: Changes, code: string, faults: readonly (readonly [string, string])[]) {
  const before = await footprint(shop);
  const error = await expectError(await create(changes), 400, code);
  expect(error.details?.map((detail) => [detail.path, detail.code])).toEqual(faults);
  expect(error.message).toBe(error.details?.find((detail) => detail.code === code)?.message);
  for (const { path, message } of error.details ?? []) {
    expect(message).toContain(path.startsWith('metadata') ? 'metadata' : path);
  }
  expect(await footprint(shop)).toEqual(before);
}

/** What Stripe was asked for last. */
async function lastAsked() {
  const params = (await createRequests(shop.account)).at(-1)?.params;
  if (!params) throw new Error('Nothing was asked of Stripe');
  return params;
}

const astral = '\u{1F600}';

describe('success_url and cancel_url', () => {
  const refused: unknown[] = [
    ...[undefined, null, '', 1, true, [], {}, ['https://yoursite.com']],
    ...['javascript:alert(1)', 'java\nscript:alert(1)', 'JavaScript://yoursite.com/%0aalert(1)', 'data:text/html,x'],
    ...['//e.com', '/thanks', 'yoursite.com', 'https:evil.com', 'https:/evil.com', 'http:\\\\e', 'https:\\/\\/e.com'],
    ...['https://good@evil', 'https://user:secret@yoursite.com', 'https://@yoursite.com', 'https://good%40@evil'],
    ...['ftp://yoursite.com', 'file:///etc/passwd', 'https://', 'https://?x', 'https:///path', 'https://:443/'],
    ...[' https://yoursite.com', 'https://yoursite.com ', 'https://your site.com', 'https://yoursite.com/a b'],
    ...['https://yoursite.com/\t', 'https://yoursite.com/\n', 'https://yoursite.com/\u0000', 'https://yoursite.com\\x'],
    ...['https://yoursite.com/\u202ephp', 'https://yoursite.com/\u00a0', 'https://[::1', 'https://yoursite.com:99999/'],
    `https://yoursite.com/${'x'.repeat(2049 - 'https://yoursite.com/'.length)}`,
  ];
  for (const field of ['success_url', 'cancel_url']) {
    it(`${field} must be an absolute http or https URL`, async () => {
      for (const value of refused) await expectFaults({ [field]: value }, 'invalid_url', [[field, 'invalid_url']]);
    });

    it(`${field} goes to Stripe as it was sent`, async () => {
      const accepted = [
        ...[
          'https://yoursite.com',
          'http://localhost:3000/thanks',
          'HTTPS://YourSite.com/Thanks',
          'http://[::1]:3000/',
        ],
        ...['https://yoursite.com:8443/a/../b?x=1&y=%20#z', 'https://yoursite.com/\u00fc?q=\u20ac'],
        `https://yoursite.com/${'x'.repeat(2048 - 'https://yoursite.com/'.length)}`,
      ];
      for (const value of accepted) {
        await expectSession(await create({ [field]: value }));
        expect((await lastAsked())[field]).toBe(value);
      }
    });

    it(`${field} with an international host goes to Stripe in punycode`, async () => {
      await expectSession(
        await create({ [field]: 'https://B\u00fccher.example:8443/\u00fc?id={CHECKOUT_SESSION_ID}' }),
      );
      const sent = 'https://xn--bcher-kva.example:8443/\u00fc?id={CHECKOUT_SESSION_ID}';
      expect((await lastAsked())[field]).toBe(sent);
    });
  }
});

describe('description', () => {
  it('names the line item, at most 250 characters', async () => {
    const longest = astral.repeat(250);
    await expectSession(await create({ description: longest }));
    expect(JSON.stringify((await lastAsked()).line_items)).toContain(JSON.stringify({ name: longest }));
    const refused = [
      ...[astral.repeat(251), 'x'.repeat(251), 7, true, [], {}, 'a\u0000b', 'a\u001bb'],
      ...['Invoice \u202efdp.exe', '\u2066a', '\u0009a'],
    ];
    for (const description of refused) {
      await expectFaults({ description }, 'validation_failed', [['description', 'validation_failed']]);
    }
  });

  it('is "Payment" at Stripe where there is none to see', async () => {
    for (const description of [null, undefined, '', '   ', '\u200b', ' \u3164\n', '\u2800']) {
      const { id } = await expectSession(await create({ description }));
      const row = (await rowsOf('payments', shop.workspace.id)).find((payment) => payment.id === id);
      expect(row?.description).toBeNull();
      expect(JSON.stringify((await lastAsked()).line_items)).toContain('{"name":"Payment"}');
    }
  });
});

describe('reference', () => {
  it('is echoed, stored at Stripe and at most 500 characters', async () => {
    for (const reference of ['1042', astral.repeat(500), ' spaced ', '{"a":1}']) {
      expect((await expectSession(await create({ reference }))).reference).toBe(reference);
      expect((await lastAsked()).metadata).toMatchObject({ softsolz_reference: reference });
    }
    for (const reference of ['x'.repeat(501), astral.repeat(501), 1042, [], {}, false, 'a\u0007', 'a\u202eb']) {
      await expectFaults({ reference }, 'validation_failed', [['reference', 'validation_failed']]);
    }
  });

  it('may be null, and is null where nothing of it can be seen', async () => {
    for (const reference of [null, '', ' ', '\u200b']) {
      expect((await expectSession(await create({ reference }))).reference).toBeNull();
      expect((await lastAsked()).metadata).not.toHaveProperty('softsolz_reference');
    }
  });
});

describe('customer_email', () => {
  it('pre-fills the e-mail at Stripe', async () => {
    const unusual = ['jane&joe', 'a!b', 'jane/doe', 'x=y', 'user%host', "o'hara", '{x}', '~'].map(
      (local) => `${local}@example.com`,
    );
    const taken = ['buyer@example.com', 'first.last+tag@sub.example.co.uk', 'user@example.xn--p1ai', ...unusual];
    for (const customer_email of taken) {
      await expectSession(await create({ customer_email }));
      expect((await lastAsked()).customer_email).toBe(customer_email);
    }
    await expectSession(await create({ customer_email: null }));
    expect(await lastAsked()).not.toHaveProperty('customer_email');
  });

  it('may have an international domain, which is kept and sent to Stripe in punycode', async () => {
    const { id } = await expectSession(await create({ customer_email: 'Ann@M\u00fcnchen.de' }));
    expect((await lastAsked()).customer_email).toBe('Ann@xn--mnchen-3ya.de');
    const row = (await rowsOf('payments', shop.workspace.id)).find((payment) => payment.id === id);
    expect(row?.customer_email).toBe('Ann@xn--mnchen-3ya.de');
  });

  it('must be an e-mail address', async () => {
    const local = 'x'.repeat(60);
    const refused = [
      ...[
        '',
        'buyer',
        'buyer@',
        '@example.com',
        'buyer@example',
        'a b@example.com',
        'a@b@example.com',
        1,
        [],
        {},
        true,
      ],
      ...['.a@example.com', 'a.@example.com', 'a..b@example.com', 'a@-example.com', 'a@example-.com', 'a@192.0.2.1'],
      ...[
        'a(b)@example.com',
        '"a b"@example.com',
        'a@[192.0.2.1]',
        'jürgen@example.com',
        `${'a'.repeat(100)}@${'b'.repeat(100)}`,
      ],
      ...['buyer@example.com\n', ' buyer@example.com', 'buyer@example.com, other@example.com', '<buyer@example.com>'],
      ...[
        'buyer\u0000@example.com',
        `${local}@${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}.${'g'.repeat(20)}.com`,
      ],
    ];
    for (const customer_email of refused) {
      await expectFaults({ customer_email }, 'validation_failed', [['customer_email', 'validation_failed']]);
    }
  });
});

describe('metadata', () => {
  it('takes 40 keys of 40 characters with values of 500, on session and payment intent', async () => {
    const metadata = { ...records(39), [astral.repeat(40)]: astral.repeat(500) };
    const session = await expectSession(await create({ metadata }));
    const asked = await lastAsked();
    expect(asked.metadata).toMatchObject(metadata);
    expect(asked.payment_intent_data).toEqual({ metadata: asked.metadata });
    expect(Object.keys(Object(asked.metadata)).length).toBe(42);
    const row = (await rowsOf('payments', shop.workspace.id)).find(({ id }) => id === session.id);
    expect(JSON.parse(String(row?.metadata))).toEqual(metadata);
  });

  it('takes empty values, and names that objects have by themselves', async () => {
    for (const metadata of [
      { empty: '' },
      { constructor: 'a', toString: 'b', hasOwnProperty: 'c' },
      {},
      null,
      undefined,
    ]) {
      await expectSession(await create({ metadata }));
    }
    await expectSession(await create({ metadata: { constructor: 'a', toString: 'b' } }));
    expect((await lastAsked()).metadata).toMatchObject({ constructor: 'a', toString: 'b' });
  });

  it('must be a flat map from text to text', async () => {
    for (const metadata of [1, 'x', true, [], [['a', 'b']]]) {
      await expectFaults({ metadata }, 'validation_failed', [['metadata', 'validation_failed']]);
    }
    for (const value of [1, null, true, {}, [], ['x'], 'x'.repeat(501), astral.repeat(501), 'a\u0000']) {
      const faults = [['metadata.order_id', 'validation_failed']] as const;
      await expectFaults({ metadata: { order_id: value, other: 'x' } }, 'validation_failed', faults);
    }
  });

  it('refuses more than 40 keys, and keys that Stripe or we could not take', async () => {
    await expectFaults({ metadata: records(41) }, 'validation_failed', [['metadata', 'validation_failed']]);
    const keys = [
      '',
      'x'.repeat(41),
      astral.repeat(41),
      'a[b',
      'a]',
      'a[0]',
      'softsolz_operation',
      'softsolz_',
      'a\u0000',
    ];
    for (const key of keys) {
      const faults = [[`metadata.${key}`, 'validation_failed']] as const;
      await expectFaults({ metadata: { [key]: 'x' } }, 'validation_failed', faults);
    }
  });

  it('refuses __proto__ instead of dropping it', async () => {
    const text = JSON.stringify({ ...SESSION, metadata: {} }).replace('"metadata":{}', '"metadata":{"__proto__":"x"}');
    const error = await expectError(await call(shop.key, 'POST', '/checkout-sessions', text), 400, 'validation_failed');
    expect(error.details?.map(({ path }) => path)).toEqual(['metadata.__proto__']);
  });
});

describe('several faults', () => {
  const bad = {
    metadata: { ok: 'x', order_id: 1 },
    customer_email: 'x',
    success_url: 'x',
    cancel_url: 'y',
    currency: 'zzz',
    amount: -1,
    description: 1,
  };
  const code = (body: Changes) => call(shop.key, 'POST', '/checkout-sessions', body);

  it('are listed all, and the first kind names the answer', async () => {
    const error = await expectError(await code(bad), 400, 'invalid_amount');
    expect(new Set(error.details?.map(({ path }) => path))).toEqual(
      new Set([
        ...['amount', 'currency', 'success_url', 'cancel_url'],
        ...['description', 'customer_email', 'metadata.order_id'],
      ]),
    );
    expect(error.message).toContain('amount');
  });

  it('give way to each other in the published order', async () => {
    await expectError(await code({ ...bad, amount: 49.99 }), 400, 'invalid_currency');
    await expectError(await code({ ...bad, amount: 49.99, currency: 'gbp' }), 400, 'invalid_url');
    const urls = { success_url: SESSION.success_url, cancel_url: SESSION.cancel_url };
    await expectError(await code({ ...bad, ...urls, amount: 49.99, currency: 'gbp' }), 400, 'validation_failed');
    const error = await expectError(await code({}), 400, 'invalid_amount');
    expect(error.details?.map((detail) => detail.path).sort()).toEqual([
      ...['amount_cents', 'cancel_url', 'currency', 'success_url'],
    ]);
  });

  it('of the Idempotency-Key are listed with those of the body', async () => {
    const headers = { 'Idempotency-Key': 'two words' };
    const response = await call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, currency: 'zzz' }, headers);
    const error = await expectError(response, 400, 'invalid_currency');
    expect(error.details?.map(({ path }) => path)).toEqual(['currency', 'Idempotency-Key']);
  });
});
