import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditLog, connectedAccounts, refunds } from '../../../src/db/schema.ts';
import { control, setConditions, stripeRequests } from '../../worker/support/simulator.ts';
import { TestApp } from '../support/app.ts';
import { addPayment, connectStripe, takePayment } from '../support/payments.ts';
import { type AtWork, atWork, formIdOf, pageOf, textOf } from '../support/screens.ts';
import { directory } from '../support/team.ts';

const app = new TestApp();

/** Somebody with a payment of £49.99, and the form to refund it. */
async function paidShop(mode: 'sandbox' | 'live' = 'sandbox') {
  const at = await atWork(app, { role: mode === 'live' ? 'admin' : 'developer', mode });
  const account = await connectStripe(at);
  const id = await takePayment(at, account);
  const path = at.path(`payments/${id}/refund`);
  const form = async (language = 'en') => await pageOf(await at.browser.get(path, { 'Accept-Language': language }));
  const send = (fields: Record<string, string>, language = 'en') =>
    at.browser.post(path, fields, { 'Accept-Language': language });
  return { at, account, id, path, form, send };
}

const refundsOf = (id: number) => directory.select().from(refunds).where(eq(refunds.paymentId, id));

const refundsAtStripe = async (account: string) =>
  (await stripeRequests(account)).filter(({ method, path }) => method === 'POST' && path === '/v1/refunds');

/** Follows the answer to a form to the page that it leads to. */
async function landing({ browser }: AtWork, response: Response): Promise<string> {
  expect(response.status).toBe(303);
  return textOf(await pageOf(await browser.get(response.headers.get('Location') ?? '')));
}

describe('refunding a payment', () => {
  it('begins with all that is left, refunds a part with its reason, and says so', async () => {
    const { at, account, id, form, send } = await paidShop();
    const page = await form();
    expect(page).toMatch(/name="amount"[^>]* value="49\.99"/);
    expect(textOf(page)).toContain('no money moves');
    const fields = { form: formIdOf(page), amount: '10.5', reason: 'requested_by_customer', note: 'not read' };
    const after = await landing(at, await send(fields));
    expect(after).toContain('£10.50 refunded. This is the sandbox');
    expect(after).toContain('Partly refunded');
    expect(after).toContain('Reason: asked by the buyer');
    expect(after).toContain('Left £39.49');
    const [refund] = await refundsOf(id);
    expect(refund).toMatchObject({ amountMinor: 1050, reason: 'requested_by_customer', status: 'succeeded' });
    expect(await refundsAtStripe(account)).toHaveLength(1);
    const isIt = and(eq(auditLog.workspaceId, at.workspaceId), eq(auditLog.action, 'refund.create'));
    const [entry] = await directory.select().from(auditLog).where(isIt);
    expect(entry).toMatchObject({ object: refund?.stripeRefundId, address: at.browser.address });
    expect(await form()).toMatch(/name="amount"[^>]* value="39\.49"/);
  });

  it('in live says that real money goes, and takes German amounts and own words', async () => {
    const { at, id, form, send } = await paidShop('live');
    const page = await form('de');
    expect(page).toMatch(/name="amount"[^>]* value="49,99"/);
    expect(textOf(page)).toContain('Echtes Geld verlässt das Guthaben Ihres Stripe-Kontos');
    await landing(at, await send({ form: formIdOf(page), amount: '12,50', reason: 'own', note: 'Beschädigt' }, 'de'));
    expect(await refundsOf(id)).toMatchObject([{ amountMinor: 1250, reason: 'Beschädigt' }]);
  });

  it('makes one refund of a form, however often it is sent', async () => {
    const { at, account, id, form, send } = await paidShop();
    const fields = { form: formIdOf(await form()), amount: '49.99', reason: '' };
    const [one, two] = await Promise.all([send(fields), send(fields)]);
    expect(await landing(at, one)).toContain('£49.99 refunded.');
    expect(two.headers.get('Location')).toBe(one.headers.get('Location'));
    expect((await send(fields)).headers.get('Location')).toBe(one.headers.get('Location'));
    const changed = await landing(at, await send({ ...fields, amount: '1.00' }));
    expect(changed).toContain('This form had already refunded £49.99. Nothing more was refunded now.');
    expect(await refundsOf(id)).toHaveLength(1);
    const keys = (await refundsAtStripe(account)).map(({ idempotency_key }) => idempotency_key);
    expect(new Set(keys).size).toBe(1);
    expect(textOf(await form())).toContain('All of this payment was given back already');
  });

  it.each([
    ['', 'Enter an amount.'],
    ['ten', 'Enter an amount such as 49.99.'],
    ['0', 'Enter an amount such as 49.99.'],
    ['-5', 'Enter an amount such as 49.99.'],
    ['5.555', 'Enter an amount such as 49.99.'],
    ['50', 'Enter at most £49.99'],
  ])('refuses the amount "%s" at the field, and makes nothing', async (amount, fault) => {
    const { account, id, form, send } = await paidShop();
    const response = await send({ form: formIdOf(await form()), amount, reason: 'duplicate' });
    const page = await pageOf(response, 422);
    expect(/<p class="error" id="amount-error">([^<]*)/.exec(page)?.[1]).toContain(fault);
    expect(page).toContain('<option value="duplicate" selected');
    expect(await refundsOf(id)).toEqual([]);
    expect(await refundsAtStripe(account)).toEqual([]);
  });

  it('refuses a reason that is too long at its field, and a form without an id', async () => {
    const { account, form, send } = await paidShop();
    const fields = { form: formIdOf(await form()), amount: '1', reason: 'own', note: 'x'.repeat(251) };
    const long = await pageOf(await send(fields, 'de'), 422);
    expect(long).toContain('id="note-error"');
    expect(textOf(long)).toContain('höchstens 250 Zeichen');
    expect(textOf(long)).not.toContain('must have');
    await pageOf(await send({ amount: '1', reason: '' }), 422);
    expect(await refundsAtStripe(account)).toEqual([]);
  });

  it('keeps the form where Stripe does not answer, so that sending it again refunds once', async () => {
    const { at, account, id, form, send } = await paidShop();
    const fields = { form: formIdOf(await form()), amount: '20', reason: '' };
    await control('POST', '/faults', { account, fail_next: { count: 5, status: 'network', after_commit: true } });
    const unclear = await pageOf(await send(fields), 503);
    expect(formIdOf(unclear)).toBe(fields.form);
    expect(textOf(unclear)).toContain('Send this form again');
    await control('POST', '/faults', { account });
    expect(await landing(at, await send(fields))).toContain('£20.00 refunded.');
    expect(await refundsOf(id)).toHaveLength(1);
  });

  it.each(['ten', '50'])(
    'refunds once where "%s" is corrected in a form that Stripe has not answered',
    async (amount) => {
      const { at, account, id, form, send } = await paidShop();
      const fields = { form: formIdOf(await form()), amount: '20', reason: '' };
      await control('POST', '/faults', { account, fail_next: { count: 5, status: 'network', after_commit: true } });
      await pageOf(await send(fields), 503);
      await control('POST', '/faults', { account });
      const faulty = await pageOf(await send({ ...fields, amount }), 422);
      expect(formIdOf(faulty)).toBe(fields.form);
      expect(await landing(at, await send(fields))).toContain('£20.00 refunded.');
      expect(await refundsOf(id)).toHaveLength(1);
      expect(new Set((await refundsAtStripe(account)).map(({ idempotency_key }) => idempotency_key)).size).toBe(1);
    },
  );

  it('says that a refund is under way where Stripe has not finished it', async () => {
    const { at, account, form, send } = await paidShop();
    await setConditions(account, { refund_status: 'pending' });
    const after = await landing(at, await send({ form: formIdOf(await form()), amount: '5', reason: '' }));
    expect(after).toContain('The refund of £5.00 is under way');
    expect(after).not.toContain('£5.00 refunded.');
  });

  it('says why a payment cannot be refunded', async () => {
    const at = await atWork(app);
    const account = await connectStripe(at);
    const context = await at.context();
    const open = async (id: number) => textOf(await pageOf(await at.browser.get(at.path(`payments/${id}/refund`))));
    const failed = await addPayment(context, { status: 'failed' });
    expect(await open(failed.id)).toContain('No money has come');
    const processing = await addPayment(context, { status: 'processing' });
    expect(await open(processing.id)).toContain('still processing');
    const paid = await addPayment(context);
    const page = await at.browser.get(at.path(`payments/${paid.id}/refund`));
    const fields = { form: formIdOf(await pageOf(page)), amount: '1', reason: '' };
    const refused = await pageOf(await at.browser.post(at.path(`payments/${paid.id}/refund`), fields), 409);
    expect(textOf(refused)).toContain('Nothing was refunded. Stripe refuses it');
    expect(formIdOf(refused)).not.toBe(fields.form);
    await directory.delete(connectedAccounts).where(eq(connectedAccounts.stripeAccountId, account));
    expect(await open(paid.id)).toContain('no access any more to the Stripe account');
    const gone = await at.browser.post(at.path(`payments/${paid.id}/refund`), fields);
    expect(textOf(await pageOf(gone, 409))).toContain('no access any more');
  });
});
