import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import type { PaymentFilter } from '../../../src/db/payment-lists.ts';
import { paymentsCsv } from '../../../src/merchant-app/payments/csv.ts';
import { parseCsv } from '../../support/csv.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1, failingD1 } from '../support/counting.ts';
import { seedPayments, seedRefund } from '../support/payment-rows.ts';
import { personIn } from '../support/person.ts';
import { paidSession } from '../support/refunds.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const EVERY: PaymentFilter = {
  id: null,
  status: null,
  paymentLink: null,
  reference: null,
  customerEmail: null,
  after: null,
  before: null,
};
const PAYMENTS = 10_000;
/** With it, a million payments take 800 of the 1,000 queries that Cloudflare allows in a request. */
const PAGE = 1250;

/** The rows of an export, by the names of their columns. */
async function exported(shop: TestWorkspace, filter: Partial<PaymentFilter> = {}): Promise<Record<string, string>[]> {
  const stream = await paymentsCsv(await personIn(shop), { ...EVERY, ...filter });
  // `text` takes the mark away, as every decoder does that is not told to keep it.
  const [names = [], ...rows] = parseCsv(await new Response(stream).text());
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

describe('The export of payments', () => {
  it('has what is known of a payment, in major and minor units, and no formula', async () => {
    const shop = await newWorkspace({ webhook: false });
    const session = await paidSession(shop, {
      reference: '=HYPERLINK("http://evil.example")',
      description: 'Müller; "A"',
    });
    await seedRefund(shop, session.id, 1050);
    const [payment] = await rowsOf('payments', shop.workspace.id);
    const [{ at }] = JSON.parse(String(payment?.history));
    expect(await exported(shop)).toEqual([
      {
        id: String(session.id),
        created_at: session.created_at,
        paid_at: toRfc3339(at),
        status: 'partially_refunded',
        amount: '49.99',
        currency: 'GBP',
        amount_cents: '4999',
        refunded: '10.50',
        refunded_cents: '1050',
        reference: `'=HYPERLINK("http://evil.example")`,
        customer_email: String(payment?.customer_email ?? ''),
        description: 'Müller; "A"',
        payment_link_token: '',
        stripe_session_id: session.stripe_session_id,
        stripe_payment_intent_id: session.intent,
        stripe_account_id: shop.account,
        mode: 'sandbox',
      },
    ]);
  });

  it('begins with the byte order mark and the names of the columns, also without payments', async () => {
    const shop = await newWorkspace({ webhook: false });
    const bytes = await new Response(await paymentsCsv(await personIn(shop), EVERY)).arrayBuffer();
    const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
    expect(text).toMatch(/^\uFEFFid,created_at,[a-z_,]+,mode\r\n$/);
  });

  it('has the payments of the filter and of the workspace alone, with the title of their link', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ title: 'Season ticket' });
    await seedPayments(await newWorkspace({ webhook: false, shard: shop.shard }), 3);
    await seedPayments(shop, 2, { reference: 'other' });
    await seedPayments(shop, 2, { status: 'created', paymentLinkId: link.id });
    const [one, other] = await seedPayments(shop, 2, { status: 'failed', paymentLinkId: link.id });
    await shop.binding.prepare("UPDATE payments SET description = 'Seat 7' WHERE id = ?").bind(other).run();
    const rows = await exported(shop, { paymentLink: link.token });
    expect(rows.map(({ id }) => id)).toEqual([String(other), String(one)]);
    expect(rows[0]).toMatchObject({ description: 'Season ticket', payment_link_token: link.token, paid_at: '' });
    expect(await exported(shop, { status: 'failed' })).toEqual(rows);
    expect(await exported(shop)).toHaveLength(4);
  });
});

describe('The export of 10,000 payments', () => {
  let shop: TestWorkspace;
  let ids: number[];

  beforeAll(async () => {
    shop = await newWorkspace({ webhook: false });
    ids = await seedPayments(shop, PAYMENTS, { reference: 'order' });
  });

  /** An export that counts its queries. */
  async function counted() {
    const { bindings, counts } = countingD1(env);
    const stream = await paymentsCsv(await personIn(shop, bindings), EVERY);
    return { reader: stream.getReader(), counts };
  }

  it('comes page by page, and reads no page before the one before it is taken', async () => {
    const { reader, counts } = await counted();
    const decoder = new TextDecoder();
    let text = '';
    let parts = 0;
    for (;;) {
      // The first page is read before the stream is there, each other one when it is asked for.
      expect(counts.roundTrips).toBe(Math.max(1, parts));
      const { done, value } = await reader.read();
      if (done) break;
      parts += 1;
      const part = decoder.decode(value, { stream: true });
      expect(part.split('\r\n').length - 1).toBe(parts === 1 ? PAGE + 1 : PAGE);
      text += part;
    }
    expect([parts, counts.roundTrips]).toEqual([PAYMENTS / PAGE, PAYMENTS / PAGE]);
    expect(parseCsv(text).map(([id]) => id)).toEqual(['id', ...ids.toReversed().map(String)]);
  });

  it('stops when its reader cancels', async () => {
    const { reader, counts } = await counted();
    await reader.read();
    await reader.read();
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counts.roundTrips).toBe(2);
  });

  it('also while a page is read for it', async () => {
    const { reader, counts } = await counted();
    await reader.read();
    const reading = reader.read();
    await reader.cancel();
    expect(await reading).toEqual({ done: true, value: undefined });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counts.roundTrips).toBe(2);
  });

  it('breaks off where the database fails in the middle, and does not begin where it fails at first', async () => {
    const stream = await paymentsCsv(await personIn(shop, failingD1(env, 3)), EVERY);
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    await expect(reader.read()).rejects.toThrow();
    await expect(
      new Response(await paymentsCsv(await personIn(shop, failingD1(env, 2)), EVERY)).text(),
    ).rejects.toThrow();
    await expect(paymentsCsv(await personIn(shop, failingD1(env, 1)), EVERY)).rejects.toThrow();
  });
});
