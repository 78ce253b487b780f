import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopbackUrl, returnUrlFault, webhookUrlFault, webUrlFault } from '../../../src/core/urls.ts';

/** Wrong as any URL a request may carry. */
const notAbsoluteHttp: string[] = [
  '',
  'shop.example.com',
  '/thanks',
  '//e.com',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'ftp://e.com/',
  'file:///etc/passwd',
  'blob:https://e.com/x',
  'https:evil.com',
  'https:/evil.com',
  'https:///evil.com',
  'https://',
  'https://?x',
  'http:\\e',
  'https:\\\\e.com',
  'https://e.com\\@good.com',
  'https://good@evil.com',
  'https://@evil.com',
  'https://:@evil.com',
  'https://user:pw@evil.com/',
  'https://good.com:pw@evil.com/',
  ' https://e.com',
  'https://e.com ',
  'https://e.com/a b',
  'https://e.com/\t',
  'https://e.com/\r\nSet-Cookie: a=b',
  'https://e.com/\u0000',
  'https://e.com/\u007f',
  'https://e.com/\u00a0',
  'https://e.com/\u2028',
  'https://e.com/\u202e',
  'https://e.com/\u200b',
  '\ufeffhttps://e.com/',
  'ht\ntps://e.com/',
  'https://e.com:99999/',
  'https://e.com:port/',
  'https://[::1',
  'https://e%00.com/',
  'https://{CHECKOUT_SESSION_ID}/',
  'https://{CHECKOUT_SESSION_ID}.e.com/',
  'https://a$b.com/',
  'https://e"onerror=.com/',
  `https://e.com/${'a'.repeat(2048 - 'https://e.com/'.length + 1)}`,
];

describe('returnUrlFault', () => {
  it.each([
    'https://yoursite.com/pay/success',
    'http://yoursite.com/pay/cancel?x=1#done',
    'HTTPS://YourSite.com',
    'https://yoursite.com/done?session_id={CHECKOUT_SESSION_ID}',
    'https://yoursite.com/{CHECKOUT_SESSION_ID}/done',
    'https://yoursite.com/@user?mail=a@b.com',
    'https://yoursite.com?next=https://user@elsewhere.com/',
    'https://yoursite.com:8443/',
    'http://localhost:3000/thanks',
    'http://127.0.0.1:3000/thanks',
    'https://münchen.example/straße',
    `https://e.com/${'a'.repeat(2048 - 'https://e.com/'.length)}`,
  ])('accepts %s', (url) => {
    expect(returnUrlFault(url)).toBeNull();
  });

  it.each(notAbsoluteHttp)('refuses %j and says what it must be', (value) => {
    expect(returnUrlFault(value)).toMatch(/^must /);
  });
});

describe('webUrlFault', () => {
  it('accepts the address of a page, and refuses one that is different for each payment', () => {
    expect(webUrlFault('https://münchen.example/terms?lang=de#refunds')).toBeNull();
    for (const url of ['https://a.example/?s={CHECKOUT_SESSION_ID}', 'https://a.example/%7bcheckout_session_id%7D']) {
      expect(webUrlFault(url)).toMatch(/^must not hold \{CHECKOUT_SESSION_ID\}/);
    }
  });

  it.each(notAbsoluteHttp)('refuses %j, and speaks of no buyer who comes back', (value) => {
    expect(webUrlFault(value)).toMatch(/^must (?!.*thanks)/);
  });
});

describe('webhookUrlFault', () => {
  const ownOrigins = ['https://pay.softsolz.example', 'https://app.shop.com'];
  const deployed = { allowLocal: false, ownOrigins };
  const local = { allowLocal: true, ownOrigins: [...ownOrigins, 'http://localhost:8787'] };

  it.each([
    'https://hooks.merchant.com/payments',
    'https://merchant.com',
    'https://merchant.com:443/x?y=1',
    'https://example.com/webhooks',
    'https://xn--mnchen-3ya.de/hook',
    'https://münchen.de/hook',
    'https://my_app.merchant.co.uk/hook',
    'https://ec2-52-1-2-3.compute-1.amazonaws.com/hook',
    'https://v10-0-0-1.merchant.com/hook',
    'https://localhost.merchant.com/hook',
    'https://notnip.io/hook',
    'https://sub.app.shop.com/hook',
  ])('accepts %s', (url) => {
    expect(webhookUrlFault(url, deployed)).toBeNull();
    expect(webhookUrlFault(url, local)).toBeNull();
  });

  it.each(notAbsoluteHttp)('refuses %j', (value) => {
    expect(webhookUrlFault(value, deployed)).toMatch(/^must /);
    expect(webhookUrlFault(value, local)).toMatch(/^must /);
  });

  it.each([
    ['http://hooks.merchant.com/', 'https'],
    ['https://hooks.merchant.com:8443/', 'port 443'],
    ['https://hooks.merchant.com:80/', 'port 443'],
    ['https://1.1.1.1/', 'IP address'],
    ['https://127.0.0.1/', 'IP address'],
    ['https://127.0.0.1./', 'IP address'],
    ['https://2130706433/', 'IP address'],
    ['https://0x7f.1/', 'IP address'],
    ['https://0x7f000001/', 'IP address'],
    ['https://017700000001/', 'IP address'],
    ['https://127.1/', 'IP address'],
    ['https://0/', 'IP address'],
    ['https://127。0。0。1/', 'IP address'],
    ['https://１２７.0.0.1/', 'IP address'],
    ['https://①②⑦.⓪.⓪.①/', 'IP address'],
    ['https://%31%32%37.0.0.1/', 'IP address'],
    ['https://[::1]/', 'IP address'],
    ['https://[::ffff:7f00:1]/', 'IP address'],
    ['https://[::ffff:127.0.0.1]/', 'IP address'],
    ['https://[2606:4700::1111]/', 'IP address'],
    ['https://localhost/', 'single label'],
    ['https://localhost./', 'dot at its end'],
    ['https://LOCALHOST/', 'single label'],
    ['https://ｌocalhost/', 'single label'],
    ['https://intranet/', 'single label'],
    ['https://./', 'dot at its end'],
    ['https://hooks.merchant.com./', 'dot at its end'],
    ['https://hooks.merchant.com../', 'dot at its end'],
    ['https://hooks..merchant.com/', 'not a host name'],
    ['https://.merchant.com/', 'not a host name'],
    [`https://${'a'.repeat(64)}.com/`, 'not a host name'],
    [`https://${'a.'.repeat(130)}com/`, 'not a host name'],
    ['https://metadata.google.internal/', '.internal'],
    ['https://printer.local/', '.local'],
    ['https://app.localhost/', '.localhost'],
    ['https://app.test/', '.test'],
    ['https://shop.example/', '.example'],
    ['https://shop.invalid/', '.invalid'],
    ['https://router.home.arpa/', '.arpa'],
    ['https://abcdefgh.onion/', '.onion'],
    ['https://nas.lan/', '.lan'],
    ['https://127.0.0.1.nip.io/', 'stands for'],
    ['https://nip.io/', 'stands for'],
    ['https://app-7f000001.NIP.io/', 'stands for'],
    ['https://10-0-0-1.sslip.io/', 'stands for'],
    ['https://1.1.1.1.xip.io/', 'stands for'],
    ['https://localtest.me/', 'stands for'],
    ['https://a.lvh.me/', 'stands for'],
    ['https://10.0.0.1.merchant.com/', 'stands for'],
    ['https://x-192-168-0-1-y.merchant.com/', 'stands for'],
    ['https://1.169.254.169.254.merchant.com/', 'stands for'],
    ['https://172-16-0-9.merchant.com/', 'stands for'],
    ['https://100.64.0.1.merchant.com/', 'stands for'],
    ['https://pay.softsolz.example/', 'this service'],
    ['https://app.shop.com/', 'this service'],
    ['https://APP.shop.com./', 'this service'],
    ['https://app.shop.com:443/x', 'this service'],
  ])('refuses %s in either setting: %s', (url, words) => {
    expect(webhookUrlFault(url, deployed)).toContain(words);
    expect(webhookUrlFault(url, local)).toMatch(/^must /);
  });

  it('refuses every spelling of an IPv4 address', () => {
    const spellings = fc.tuple(fc.ipV4Extended(), fc.constantFrom('', '.'));
    fc.assert(
      fc.property(spellings, ([address, dot]) => {
        expect(webhookUrlFault(`https://${address}${dot}/`, local)).toMatch(/^must /);
      }),
    );
  });

  it('refuses every IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(webhookUrlFault(`https://[${address}]/`, local)).toContain('IP address');
      }),
    );
  });

  it.each([
    'http://localhost/hook',
    'http://localhost:12111/sink/main',
    'http://LocalHost:3000',
    'http://127.0.0.1:12111/sink/main',
    'http://127.0.0.1?x',
  ])('accepts %s only where local endpoints are allowed', (url) => {
    expect(webhookUrlFault(url, local)).toBeNull();
    expect(webhookUrlFault(url, deployed)).toContain('https');
  });

  it.each([
    'http://localhost.:12111/',
    'http://127.1:12111/',
    'http://2130706433/',
    'http://127。0。0。1/',
    'http://127.0.0.2/',
    'http://[::1]:12111/',
    'http://app.localhost/',
    'http://localhost.evil.com/',
    'http://0.0.0.0/',
    'https://localhost:12111/',
    'https://127.0.0.1:12111/',
  ])('refuses %s even where local endpoints are allowed', (url) => {
    expect(webhookUrlFault(url, local)).toMatch(/^must /);
  });

  it.each(['http://localhost:8787/x', 'http://127.0.0.1:8787/x'])('refuses its own local address %s', (url) => {
    expect(webhookUrlFault(url, local)).toContain('this service');
  });
});

describe('isLoopbackUrl', () => {
  it.each([
    'http://localhost:8787',
    'https://localhost',
    'http://LOCALHOST./',
    'http://app.localhost:1/x',
    'http://127.0.0.1',
    'http://127.255.0.9:80/',
    'http://2130706433/',
    'http://[::1]:8787/',
  ])('is true of %s', (url) => {
    expect(isLoopbackUrl(url)).toBe(true);
  });

  it.each([
    'https://example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
    'ws://localhost',
    'localhost:8787',
    'http://example.com/?x=http://localhost',
    '',
  ])('is false of %j', (url) => {
    expect(isLoopbackUrl(url)).toBe(false);
  });
});
