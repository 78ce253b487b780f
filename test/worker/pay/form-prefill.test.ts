import { describe, expect, it } from 'vitest';
import { openPage } from '../support/pay-page.ts';
import { newWorkspace } from '../support/workspace.ts';

async function fieldsWith(query: Record<string, string> | string, open = false) {
  const shop = await newWorkspace({ webhook: false });
  const link = await shop.link(open ? { amountMinor: null, suggestedAmountsMinor: [1000, 2500] } : {});
  const page = await openPage(link, { query: `?${typeof query === 'string' ? query : new URLSearchParams(query)}` });
  expect(page.status).toBe(200);
  return page.fields;
}

describe('what a link in an e-mail or an advertisement brings along', () => {
  it('is kept with the form: e-mail, reference and campaign', async () => {
    const brought = {
      email: 'ann@example.com',
      reference: 'Invoice 1042 – "Ünïcode" & <b>',
      utm_source: 'newsletter',
      utm_medium: 'email',
      utm_campaign: 'spring=1&x',
      utm_term: 'deposit',
      utm_content: 'top',
    };
    const { operation, shown, ...rest } = await fieldsWith(brought);
    expect(rest).toEqual(brought);
    expect([operation?.length, shown]).toEqual([26, 'GBP:5000']);
  });

  it('is left out where it does not fit, without a word to the buyer', async () => {
    const junk = {
      email: 'not-an-email',
      reference: 'x'.repeat(501),
      utm_source: 'x'.repeat(501),
      utm_medium: '',
      utm_term: '\u200b',
      utm_other: 'x',
      softsolz_operation: 'op_1',
      metadata: 'x',
    };
    expect(Object.keys(await fieldsWith(junk)).sort()).toEqual(['operation', 'shown']);
    for (const email of ['a@b', 'a@@b.com', 'ann@example.com\r\nBcc: x@y.com', `${'a'.repeat(250)}@b.com`]) {
      expect((await fieldsWith({ email })).email).toBe(undefined);
    }
  });

  it('may have the "+" of an address as it is, and an international domain', async () => {
    for (const email of ['first+last@example.com', 'first%2Blast@example.com', 'first%20last@example.com']) {
      expect((await fieldsWith(`email=${email}`)).email).toBe('first+last@example.com');
    }
    expect((await fieldsWith({ email: 'ann@m\u00fcnchen.de' })).email).toBe('ann@xn--mnchen-3ya.de');
    expect((await fieldsWith('reference=a+b&email=+ann@example.com')).email).toBe('ann@example.com');
    expect((await fieldsWith('reference=a+b')).reference).toBe('a b');
  });

  it('is taken up to its limit in code points', async () => {
    const { reference } = await fieldsWith({ reference: '💳'.repeat(500) });
    expect(reference).toBe('💳'.repeat(500));
  });

  it('never is the price, or the operation of a form made elsewhere', async () => {
    const { shown, operation } = await fieldsWith({ shown: 'GBP:1', amount_cents: '1', operation: "x' OR 1=1 --" });
    expect([shown, operation?.length]).toEqual(['GBP:5000', 26]);
  });
});

describe('an amount in the query', () => {
  it('is put into the field of an open link, as it was written', async () => {
    for (const amount of ['12.50', '12,50', 'abc', '"><script>x']) {
      expect((await fieldsWith({ amount }, true)).amount).toBe(amount);
    }
  });

  it('chooses the suggestion that it names', async () => {
    expect(await fieldsWith({ amount: '25' }, true)).toMatchObject({ amount: '25', suggested: '2500' });
    expect((await fieldsWith({ amount: '26' }, true)).suggested).toBe(undefined);
  });

  it('is cut where it is longer than any amount', async () => {
    expect((await fieldsWith({ amount: '9'.repeat(10_000) }, true)).amount).toBe('9'.repeat(40));
  });

  it('does nothing on a link with a price', async () => {
    expect(await fieldsWith({ amount: '1' })).toMatchObject({ shown: 'GBP:5000' });
    expect((await fieldsWith({ amount: '1' })).amount).toBe(undefined);
  });

  it('that is given twice counts once', async () => {
    expect((await fieldsWith('amount=1&amount=2', true)).amount).toBe('1');
  });
});
