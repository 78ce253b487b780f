import { afterEach, describe, expect, it, vi } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { openPage, type Page, pageOf, sendForm } from '../support/pay-page.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const OPEN = { amountMinor: null, minAmountMinor: 500 };

afterEach(() => vi.restoreAllMocks());

/** Stripe's own limits, which nobody knows before: what is asked for is refused so, until `vi.restoreAllMocks`. */
function stripeRefusesAmounts({ code = 'amount_too_small', replayed = false } = {}): void {
  stripeOf(async (request, real) => {
    if (request.method === 'GET') return await real(request);
    const message = 'The Checkout Session’s total amount must convert to at least 50 cents.';
    const answer = stripeErrorAnswer({ status: 400, code, message });
    if (replayed) answer.headers.set('Idempotent-Replayed', 'true');
    return answer;
  });
}

function expectAtField(page: Page, words: string): void {
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(words)]);
  expect(page.html).toMatch(/<input id="amount"[^>]* aria-describedby="error unit"[^>]* autofocus/);
  expect(page.html).toContain('aria-invalid="true"');
}

async function expectNothingMade(shop: TestWorkspace): Promise<void> {
  expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
  expect(await stripeSessions(accountOf(shop.account))).toEqual([]);
}

describe('an amount that Stripe does not take', () => {
  it.each(['amount_too_small', 'amount_too_large'])(
    'is refused at the field (%s), gives its place back, and another amount can be paid',
    async (code) => {
      const shop = await newWorkspace({ webhook: false });
      const link = await shop.link({ ...OPEN, maxPayments: 1 });
      const buyer = new Buyer(link);
      const { fields } = await buyer.open({ query: '?reference=R1' });
      stripeRefusesAmounts({ code });
      const page = await buyer.sendRefused({ ...fields, amount: '6.5' });
      expectAtField(page, en.faults.notAccepted);
      expect(page.fields).toEqual({ ...fields, amount: '6.5' });
      expect(page.html).not.toContain('at least 50 cents');
      await expectNothingMade(shop);

      vi.restoreAllMocks();
      const paid = await buyer.post({ ...page.fields, amount: '20' });
      expect(paid.headers.get('Location')).toMatch(/\/c\/pay\/cs_test_/);
      expect((await buyer.open({ query: '?refused=not_accepted' })).text).not.toContain(en.faults.notAccepted);
      const [session] = await createRequests(shop.account);
      expect(session?.params).toMatchObject({ line_items: { 0: { price_data: { unit_amount: '2000' } } } });
      // Its place is the only one.
      const other = await openPage(link);
      expect((await sendForm(link, { ...other.fields, amount: '20' })).status).toBe(410);
    },
  );

  it('is refused again when Stripe refuses the same form again', async () => {
    const shop = await newWorkspace();
    const link = await shop.link(OPEN);
    const buyer = new Buyer(link);
    const { fields } = await buyer.open({ query: '?email=ann@example.com' });
    for (const replayed of [false, true, true]) {
      stripeRefusesAmounts({ replayed });
      const page = await buyer.sendRefused({ ...fields, amount: '6' });
      expectAtField(page, en.faults.notAccepted);
      expect(page.fields.operation).toBe(fields.operation);
      vi.restoreAllMocks();
    }
    await expectNothingMade(shop);
  });

  it('is shown as the buyer typed it, with the reason in their language', async () => {
    const link = await (await newWorkspace()).link({ ...OPEN, currency: 'EUR' });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open({ query: '?lang=de' });
    stripeRefusesAmounts();
    const page = await buyer.sendRefused({ ...fields, amount: '6,5 €' }, { query: '?lang=de' });
    expectAtField(page, german.faults.notAccepted);
    expect(page.fields.amount).toBe('6,5 €');
  });

  it('stands in the field where it was a suggestion, chosen without a script', async () => {
    const link = await (await newWorkspace()).link({ ...OPEN, suggestedAmountsMinor: [1000, 2500] });
    const buyer = new Buyer(link);
    const { fields } = await buyer.open({ query: '?amount=7' });
    stripeRefusesAmounts();
    const page = await buyer.sendRefused({ ...fields, suggested: '2500' });
    expectAtField(page, en.faults.notAccepted);
    expect(page.fields.amount).toBe('25.00');
    // A chosen suggestion would hide the field and the error.
    expect(page.html).toContain('name="suggested"');
    expect(page.fields).not.toHaveProperty('suggested');
  });

  it('is refused at the field also where Stripe does not take the address either', async () => {
    const shop = await newWorkspace();
    const link = await shop.link(OPEN);
    const buyer = new Buyer(link);
    const { fields } = await buyer.open({ query: '?email=ann@example.com' });
    const asked: boolean[] = [];
    stripeOf(async (request) => {
      const withEmail = (await request.formData()).has('customer_email');
      asked.push(withEmail);
      return stripeErrorAnswer({ status: 400, code: withEmail ? 'email_invalid' : 'amount_too_small' });
    });
    expectAtField(await buyer.sendRefused({ ...fields, amount: '6' }), en.faults.notAccepted);
    expect(asked).toEqual([true, false]);
    await expectNothingMade(shop);
  });
});

describe('a fixed price that Stripe does not take', () => {
  it('gives a page that does not blame the buyer and a line in the log, and frees the place', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ maxPayments: 1, inactiveMessage: 'This sale is over' });
    const { fields } = await openPage(link);
    const log = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    stripeRefusesAmounts();
    const page = await pageOf(await sendForm(link, fields));
    expect([page.status, page.text]).toEqual([503, expect.stringContaining(en.closed.not_ready.text)]);
    expect([page.action, page.text.includes('This sale is over')]).toEqual([null, false]);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'price not accepted by Stripe',
        request_id: page.headers.get('Softsolz-Request-Id'),
        link: link.token,
        amount_minor: 5000,
        currency: 'GBP',
      },
    ]);
    await expectNothingMade(shop);
    vi.restoreAllMocks();
    expect((await sendForm(link, (await openPage(link)).fields)).status).toBe(303);
  });
});

describe('an address that Stripe has refused before', () => {
  it('is left out again: the same form finds its one session', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link, { query: '?email=ann@example.com' });
    const locations: (string | null)[] = [];
    for (const replayed of [false, true]) {
      stripeOf(async (request, real) => {
        if (!(await request.clone().formData()).has('customer_email')) return await real(request);
        const answer = stripeErrorAnswer({ status: 400, code: 'email_invalid' });
        if (replayed) answer.headers.set('Idempotent-Replayed', 'true');
        return answer;
      });
      const response = await sendForm(link, fields);
      expect(response.status).toBe(303);
      locations.push(response.headers.get('Location'));
      vi.restoreAllMocks();
    }
    expect(locations[1]).toBe(locations[0]);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
  });
});
