import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { connectedAccounts, deliveries, events } from '../../../src/db/schema.ts';
import { createLink } from '../../../src/domain/links/create-link.ts';
import { recordDispute } from '../../../src/domain/payments/record-dispute.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { countingD1 } from '../../worker/support/counting.ts';
import { scriptSink, sinkUrl } from '../../worker/support/simulator.ts';
import { bindings, TestApp } from '../support/app.ts';
import { addPayment, connectStripe, takePayment } from '../support/payments.ts';
import { type AtWork, atWork, memberAt, pageOf, textOf } from '../support/screens.ts';
import { directory } from '../support/team.ts';
import { attemptNow } from '../support/webhooks.ts';

const app = new TestApp();

const open = async ({ browser, path }: AtWork, id: number | string, language = 'en') =>
  await pageOf(await browser.get(path(`payments/${id}`), { 'Accept-Language': language }));

describe('the page of a payment', () => {
  it('says what happened from the key that made the session to the endpoint that has the event', async () => {
    const at = await atWork(app, { role: 'viewer' });
    const account = await connectStripe(at);
    const sink = `sink-${at.workspaceId}`;
    await createEndpoint(await at.context(), { url: sinkUrl(sink) });
    await scriptSink(sink, { status: 500 });
    const id = await takePayment(at, account, { reference: 'BK-2207', metadata: { booking_day: '2026-12-14' } });
    const sent = await directory.select().from(deliveries).where(eq(deliveries.workspaceId, at.workspaceId));
    const delivery = sent[0]?.id ?? '';
    await attemptNow([delivery]);

    const page = await open(at, id);
    const text = textOf(page);
    expect(text).toMatch(/£49\.99 Paid .*Checkout opened by your website or program, with the secret key Shop server/);
    expect(text).toMatch(/Paid\. The money is in your Stripe account\..*payments\.payment\.succeeded/);
    expect(text).toMatch(/localhost:12111 did not take it yet, next try: /);
    expect(page).toContain(`href="${at.path(`developers/deliveries/${delivery}`)}"`);
    for (const known of ['BK-2207', 'booking_day', '2026-12-14', 'ada@example.com', account, String(id)]) {
      expect(text).toContain(known);
    }
    expect(text).toContain(`"payment_id": ${id}`);
    expect(text).toContain('Our fee £0.00');
    expect(text).toContain(`/api/v1/services/payments/payments/${id}`);
    expect(page).toMatch(new RegExp(`href="https://dashboard.stripe.com/${account}/test/payments/pi_\\w+"`));

    await scriptSink(sink, { status: 200 });
    await directory.update(deliveries).set({ nextAttemptAt: 0 }).where(eq(deliveries.id, delivery));
    await attemptNow([delivery]);
    expect(textOf(await open(at, id))).toContain('localhost:12111 has it, after 2 tries');
    const german = textOf(await open(at, id, 'de'));
    expect(german).toMatch(/49,99 £ Bezahlt .*Was geschah/);
    expect(german).toContain('localhost:12111 hat es, nach 2 Versuchen');
  });

  it('of a link leads to the link, and in live to the live dashboard', async () => {
    const at = await atWork(app, { mode: 'live' });
    const context = await at.context();
    const link = await createLink(context, { kind: 'link', title: 'Tea bowl', currency: 'JPY', amountMinor: 8800 });
    const yen = { paymentLinkId: link.id, currency: 'JPY', amountMinor: 8800 };
    const page = await open(at, (await addPayment(context, yen)).id);
    expect(textOf(page)).toContain('Checkout opened from the link Tea bowl');
    expect(textOf(page)).toContain('¥8,800');
    expect(page).toContain(`href="${at.path(`links/${link.token}`)}"`);
    expect(page).toMatch(/dashboard\.stripe\.com\/acct_seeded\/payments\/pi_/);
  });

  it('says what to do about a dispute, until it is decided', async () => {
    const at = await atWork(app);
    const context = await at.context();
    const { id, stripePaymentIntentId } = await addPayment(context);
    const dispute = { id: `du_${id}`, paymentIntentId: stripePaymentIntentId, amountMinor: 4999, currency: 'GBP' };
    const now = Date.now();
    const record = (status: string, asOf: number) =>
      recordDispute(context, { ...dispute, status, reason: 'fraudulent', createdAt: now, asOf });
    await record('needs_response', now);
    const asked = textOf(await open(at, id));
    expect(asked).toContain('Answer at Stripe before the deadline');
    expect(asked).toContain('Do not refund it as well');
    expect(await open(at, id)).toMatch(/href="https:\/\/dashboard\.stripe\.com\/[^"]+"[^>]*>Answer at Stripe</);
    expect(textOf(await open(at, id, 'de'))).toContain('Antworten Sie bei Stripe');
    await record('under_review', now + 1000);
    expect(textOf(await open(at, id))).toContain('You need do nothing now');
    expect(textOf(await open(at, id))).toMatch(/Refunded £0\.00 Our fee £0\.00 Left £49\.99/);
    await record('lost', now + 2000);
    const lost = textOf(await open(at, id));
    expect(lost).toContain('The dispute is decided for the buyer');
    expect(lost).not.toContain('Answer at Stripe');
    expect(lost).toMatch(/Refunded £0\.00 Taken back by a dispute £49\.99 Our fee £0\.00 Left £0\.00/);
    expect(textOf(await open(at, id, 'de'))).toMatch(/Durch Anfechtung zurückgeholt 49,99 £ .*Übrig 0,00 £/);
  });

  it('leads to the Stripe account about a dispute whose payment has no address of its own at Stripe', async () => {
    const at = await atWork(app);
    const account = await connectStripe(at);
    const context = await at.context();
    await directory
      .update(connectedAccounts)
      .set({ dashboard: 'express' })
      .where(eq(connectedAccounts.workspaceId, at.workspaceId));
    const { id, stripePaymentIntentId } = await addPayment(context, { stripeAccountId: account });
    const dispute = { id: `du_${id}`, paymentIntentId: stripePaymentIntentId, amountMinor: 4999, currency: 'GBP' };
    const now = Date.now();
    const opened = { status: 'needs_response', reason: 'fraudulent', createdAt: now, asOf: now };
    await recordDispute(context, { ...dispute, ...opened });
    const page = await open(at, id);
    expect(page).not.toContain('dashboard.stripe.com');
    expect(page).toMatch(new RegExp(`href="${at.path('settings/stripe')}"[^>]*>Your Stripe account<`));
  });

  it('of a checkout that nobody paid says so, and offers no refund', async () => {
    const at = await atWork(app);
    const { id } = await addPayment(await at.context(), { status: 'expired' });
    const page = await open(at, id);
    expect(textOf(page)).toContain('Never paid');
    expect(textOf(page)).toContain(`/checkout-sessions/${id}`);
    expect(textOf(page)).toContain('It needs this scope: service.payments.checkout.read');
    expect(page).not.toContain(`payments/${id}/refund`);
  });

  it('offers the refund only to who may refund', async () => {
    const admin = await atWork(app, { role: 'admin' });
    await connectStripe(admin);
    const { id } = await addPayment(await admin.context());
    expect(await open(admin, id)).toContain(`href="${admin.path(`payments/${id}/refund`)}"`);
    const live = memberAt((await atWork(app)).browser, admin.organisation, 'live');
    expect((await live.browser.get(live.path(`payments/${id}`))).status).toBe(404);
    const viewer = await atWork(app, { role: 'viewer' });
    await connectStripe(viewer);
    const other = await addPayment(await viewer.context());
    expect(await open(viewer, other.id)).not.toContain('/refund"');
  });

  it('is not found in another workspace, nor by a text that is no number', async () => {
    const at = await atWork(app);
    const other = await atWork(app);
    const { id } = await addPayment(await other.context());
    const twin = memberAt(other.browser, other.organisation, 'live');
    for (const [somebody, wanted] of [
      [at, id],
      [twin, id],
      [other, 'nothing'],
      [other, '99999999999999999999'],
    ] as const) {
      for (const rest of ['', '/refund']) {
        expect((await somebody.browser.get(somebody.path(`payments/${wanted}${rest}`))).status).toBe(404);
      }
    }
  });

  it('takes two round trips, besides those of the session and the rights, also with many events', async () => {
    const { bindings: databases, counts } = countingD1(bindings);
    const at = await atWork(new TestApp({}, databases));
    const { id, createdAt } = await addPayment(await at.context());
    const event = { workspaceId: at.workspaceId, type: 'payments.payment.succeeded', paymentId: id, body: '{"a":1}' };
    const numbers = Array.from({ length: 60 }, (_, number) => number);
    const many = numbers.map((number) => ({ ...event, id: `evt_0${id}${number}`, createdAt: createdAt + number }));
    for (const one of many) await directory.insert(events).values(one);
    const tripsOf = async (rest: string) => {
      const before = counts.roundTrips;
      const page = await pageOf(await at.browser.get(at.path(rest)));
      return { trips: counts.roundTrips - before, page };
    };
    const bare = await tripsOf('settings/stripe');
    const { trips, page } = await tripsOf(`payments/${id}`);
    expect(trips - bare.trips).toBe(2);
    expect(page.match(/<details><summary>/g)).toHaveLength(10);
    expect(textOf(page)).toContain('The oldest events are not shown');
  });
});
