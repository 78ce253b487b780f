import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Body,
  expectFaults,
  expectLink,
  type LinkAnswer,
  newLink,
  patchLink,
  postLink,
  readLink,
} from '../support/links.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

let shop: TestWorkspace;
let link: LinkAnswer;
beforeAll(async () => {
  shop = await newWorkspace();
  link = await newLink(shop, { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 });
});

const create = (body: Body) => postLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 700, ...body });
const change = (body: Body) => patchLink(shop, link.id, body);

/** A value that neither a new link nor a change of one takes. */
async function expectRefused(field: string, value: unknown, path = field): Promise<void> {
  await expectFaults(shop, () => create({ [field]: value }), [path]);
  await expectFaults(shop, () => change({ [field]: value }), [path]);
}

/** A value that both take, and answer as it is expected then and later. */
async function expectTaken(field: string, value: unknown, answered: unknown = value): Promise<void> {
  const made = await expectLink(await create({ [field]: value }), 201);
  const changed = await expectLink(await change({ [field]: value }));
  const read = await readLink(shop, made.id);
  for (const answer of [made, changed, read, await readLink(shop, link.id)]) {
    expect(answer).toMatchObject({ [field]: answered });
  }
}

const emoji = '\u{1F600}';
const noText = [1, 0, true, false, [], ['x'], {}];
const controls = ['\u0000', '\u0007', '\t', '\u001b[31m', '\u007f', '\u0085', '\u202e', '\u202a', '\u2066', '\u2069'];

describe('title', () => {
  it('is 1 to 250 visible characters in one line', async () => {
    const invisible = ['', ' ', '\u200b', ' \u200b\u00a0', '\u2060\ufeff', '\u3164', '\u2800', '\u0301', '\n'];
    for (const value of [...noText, ...invisible, 'a'.repeat(251), emoji.repeat(251), 'two\nlines', 'two\r\nlines']) {
      await expectRefused('title', value);
    }
    for (const character of controls) await expectRefused('title', `a${character}b`);
  });

  it('is text, whatever is in it', async () => {
    const hostile = [
      '"><img src=x onerror=alert(1)>',
      '</title><script>alert(1)</script>',
      "' OR 1=1 --",
      '{{7*7}}',
      '%00',
    ];
    for (const value of [...hostile, 'a', emoji.repeat(250), 'عربون الاستوديو', '  padded  '])
      await expectTaken('title', value);
  });
});

describe('description', () => {
  it('is at most 2000 characters without control and direction characters', async () => {
    for (const value of [...noText, 'a'.repeat(2001), emoji.repeat(2001)]) await expectRefused('description', value);
    for (const character of controls) await expectRefused('description', `a${character}b`);
  });

  it('may be long and have line breaks', async () => {
    for (const value of ['one\ntwo\r\nthree', emoji.repeat(2000), '<b>50%</b>'])
      await expectTaken('description', value);
  });

  it('is absent where nothing of it can be seen, like inactive_message', async () => {
    for (const field of ['description', 'inactive_message']) {
      for (const value of ['', ' ', '\u200b', '\n\u3164', '\u2800']) await expectTaken(field, value, null);
    }
  });
});

describe('inactive_message', () => {
  it('is at most 500 characters without control and direction characters', async () => {
    for (const value of [...noText, 'a'.repeat(501)]) await expectRefused('inactive_message', value);
    for (const character of controls) await expectRefused('inactive_message', `a${character}b`);
    for (const value of ['Back in spring.\nThank you!', emoji.repeat(500)])
      await expectTaken('inactive_message', value);
  });
});

describe('a colour', () => {
  const hostile = [
    ...['red', 'transparent', '#', '#1', '#12', '#1234', '#12345', '#1234567', '#12345678', '123456', '#ggg', '##fff'],
    ...[
      'red;background:url(//e)',
      '#fff;}',
      '#fff ',
      ' #fff',
      '#fff\n',
      '#fff\u0000',
      'rgb(0,0,0)',
      'var(--x)',
      '#ＦＦＦ',
    ],
    ...['expression(alert(1))', '', '#fff/**/', 'currentColor', 0, 0xffffff, true, [], ['#fff'], {}],
  ];
  for (const field of ['button_color', 'button_text_color']) {
    it(`${field} is #rgb or #rrggbb and nothing else`, async () => {
      for (const value of hostile) await expectRefused(field, value);
    });

    it(`${field} is stored in lower case`, async () => {
      for (const value of ['#1d4ed8', '#1D4ED8', '#ABC', '#000']) await expectTaken(field, value, value.toLowerCase());
    });
  }
});

describe('active, show_business_name and amount_editable', () => {
  it.each(['active', 'show_business_name', 'amount_editable'])('%s is true or false', async (field) => {
    for (const value of ['true', 'false', '', 0, 1, [], {}]) await expectRefused(field, value);
  });

  it('are taken as they are', async () => {
    for (const value of [false, true]) {
      await expectTaken('active', value);
      await expectTaken('show_business_name', value);
    }
  });
});

describe('expires_at', () => {
  it('is an RFC 3339 time', async () => {
    const wrong = [
      ...[
        '',
        'tomorrow',
        '2031-12-31',
        '2031-12-31T23:59Z',
        '2031-12-31T23:59:59',
        '2031-12-31 23:59:59Z',
        '23:59:59Z',
        '1924991999',
      ],
      ...[
        '2031-13-01T00:00:00Z',
        '2031-02-30T00:00:00Z',
        '2031-12-31T24:00:00Z',
        '2031-12-31T23:60:00Z',
        '٢٠٣١-12-31T23:59:59Z',
      ],
      ...[
        'Wed, 31 Dec 2031 23:59:59 GMT',
        '2031-12-31T23:59:59+1:00',
        '2031-12-31T23:59:59Z\n',
        'Z',
        '+275760-09-13T00:00:00Z',
        '9999-12-31T23:59:59-23:59',
        '0000-01-01T00:00:00+23:59',
      ],
      ...[1_924_991_999, 1_924_991_999_000, true, [], {}],
    ];
    for (const value of wrong) await expectRefused('expires_at', value);
  });

  it('is answered in UTC and whole seconds', async () => {
    const taken = [
      ['2031-12-31T23:59:59Z', '2031-12-31T23:59:59Z'],
      ['2031-12-31T23:59:59.999Z', '2031-12-31T23:59:59Z'],
      ['2031-12-31T23:59:59+02:00', '2031-12-31T21:59:59Z'],
      ['2031-12-31T23:59:59-05:30', '2032-01-01T05:29:59Z'],
      ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
      ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
      ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
      ['2031-12-31t23:59:59z', '2031-12-31T23:59:59Z'],
    ];
    for (const [value, answered] of taken) await expectTaken('expires_at', value, answered);
  });
});

describe('max_payments', () => {
  it('is a whole number from 1 to 100000', async () => {
    for (const value of [0, -1, 1.5, 100_001, 1e21, 2 ** 53 + 1, '5', '', true, [], {}])
      await expectRefused('max_payments', value);
    for (const value of [1, 100_000]) await expectTaken('max_payments', value);
  });
});

describe('success_url', () => {
  it('is an absolute http or https URL', async () => {
    const wrong = [
      ...['', 'javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', '//e.com', '/thanks', 'yoursite.com'],
      ...[
        'https:evil.com',
        'http:\\\\e',
        'https://good@evil',
        'https://u:p@yoursite.com',
        'ftp://yoursite.com',
        'https://',
      ],
      ...[
        ' https://yoursite.com',
        'https://your site.com',
        'https://yoursite.com/\u202ephp',
        'https://yoursite.com\\x',
      ],
      ...[`https://yoursite.com/${'x'.repeat(2049 - 'https://yoursite.com/'.length)}`, 1, true, [], {}],
    ];
    for (const value of wrong) await expectRefused('success_url', value);
  });

  it('is kept as it was sent', async () => {
    const taken = ['https://yoursite.com', 'http://localhost:3000/thanks', 'HTTPS://YourSite.com/a/../b?x=%20#z'];
    for (const value of taken) await expectTaken('success_url', value);
  });

  it('with an international host is kept in punycode', async () => {
    const made = await expectLink(await create({ success_url: 'https://b\u00fccher.example/\u00fc' }), 201);
    expect(made.success_url).toBe('https://xn--bcher-kva.example/\u00fc');
    const other = { success_url: 'https://m\u00fcnchen.example' };
    const changed = await expectLink(await patchLink(shop, made.id, other));
    expect(changed.success_url).toBe('https://xn--mnchen-3ya.example');
  });
});

describe('suggested_amounts_cents', () => {
  const open = { amount_editable: true, amount_cents: undefined };

  it('is a list of up to six amounts of the currency', async () => {
    const openLink = await newLink(shop, { title: 'Tip jar', currency: 'gbp', amount_editable: true });
    const wrong: [unknown, string][] = [
      ...['100', 100, {}, true, Array.from({ length: 7 }, () => 100)].map((value): [unknown, string] => [value, '']),
      ...[0, -100, 1.5, '100', null, true, [], 29, 100_000_000].map((value): [unknown, string] => [[100, value], '.1']),
    ];
    for (const [value, place] of wrong) {
      const path = `suggested_amounts_cents${place}`;
      await expectFaults(shop, () => create({ ...open, suggested_amounts_cents: value }), [path]);
      await expectFaults(shop, () => patchLink(shop, openLink.id, { suggested_amounts_cents: value }), [path]);
    }
    const taken = [[100], [30, 30, 99_999_999], [600, 500, 400, 300, 200, 100]];
    for (const suggested_amounts_cents of taken) {
      const made = await expectLink(await create({ ...open, suggested_amounts_cents }), 201);
      expect(made).toMatchObject({ suggested_amounts_cents });
      const changed = await expectLink(await patchLink(shop, openLink.id, { suggested_amounts_cents }));
      expect(changed).toMatchObject({ suggested_amounts_cents });
    }
    const rupiah = { ...open, currency: 'idr', suggested_amounts_cents: [1_600_000_000, 999_999_999_999] };
    expect(await expectLink(await create(rupiah), 201)).toMatchObject({
      suggested_amounts_cents: rupiah.suggested_amounts_cents,
    });
  });
});

describe('currency', () => {
  it('is three ASCII letters of a currency that Stripe takes, answered in upper case', async () => {
    const wrong = [
      ...[undefined, null, '', 'GB', 'GBPP', 'GBP ', ' GBP', 'G BP', 'zzz', 'xxx', 'ＧＢＰ', 'gbр', '826', '£'],
      ...[826, true, [], ['gbp'], {}, 'toString', '__proto__'],
    ];
    for (const currency of wrong) await expectFaults(shop, () => create({ currency }), ['currency']);
    for (const currency of ['gbp', 'GBP', 'gBp']) {
      expect(await expectLink(await create({ currency }), 201)).toMatchObject({ currency: 'GBP' });
    }
  });
});
