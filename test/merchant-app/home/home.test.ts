import { describe, expect, it } from 'vitest';
import { DISABLED_REASONS } from '../../../src/domain/webhooks/stored-texts.ts';
import { insertEndpointRow } from '../../support/webhook-rows.ts';
import { TestApp } from '../support/app.ts';
import { type AtWork, atWork, pageOf, textOf } from '../support/screens.ts';
import { directory } from '../support/team.ts';
import { addAccount, addDispute, addLink, addPayment, addRefund, DAY_MS } from './support.ts';

const app = new TestApp();

async function homeOf(at: AtWork, language = 'en'): Promise<string> {
  return await pageOf(await at.browser.get(at.path('home'), { 'Accept-Language': language }));
}

const HOOK = 'https://hooks.harbour.example/softsolz';

describe('Home before the first payment', () => {
  it('teaches the steps to it, how the money travels, and a first request', async () => {
    const at = await atWork(app);
    const page = await homeOf(at);
    const text = textOf(page);
    for (const said of [
      'Welcome, Harbour Studio',
      '0 of 4 done',
      'Test card number',
      '4242 4242 4242 4242',
      'Optional',
    ]) {
      expect(text).toContain(said);
    }
    expect(text).toContain('we take 0%');
    for (const path of ['settings/stripe', 'links/new', 'links', 'developers/webhooks', 'developers/keys']) {
      expect(page).toContain(`href="${at.path(path)}"`);
    }
    expect(text).toMatch(/curl http\S+\/api\/v1\/services\/payments\/checkout-sessions/);
    expect(text).toContain('Bearer $SECRET_KEY');
    expect(page).not.toContain('class="chart"');
  });

  it.each<[string, (at: AtWork) => Promise<unknown>]>([
    ['Connect Stripe', (at) => addAccount(at)],
    ['Make a payment link', (at) => addLink(at, 'Studio deposit')],
    ['Add a webhook', (at) => insertEndpointRow(directory, at.workspaceId, { url: HOOK })],
  ])('ticks "%s" alone, whatever was done before', async (title, doIt) => {
    const at = await atWork(app);
    await doIt(at);
    const text = textOf(await homeOf(at));
    expect(text).toContain('1 of 4 done');
    expect(text).toContain(`${title} Done`);
  });

  it('counts a payment however long ago it was, and whatever came after it', async () => {
    const at = await atWork(app);
    await addPayment(at, { createdAt: Date.now() - 90 * DAY_MS });
    for (let failed = 0; failed < 5; failed++) await addPayment(at, { status: 'failed' });
    expect(textOf(await homeOf(at))).toContain('1 of 4 done');
  });

  it('counts an account only once it takes payments, and says what it waits for', async () => {
    const at = await atWork(app);
    await addAccount(at, { detailsSubmitted: false, chargesEnabled: false });
    const text = textOf(await homeOf(at));
    expect(text).toContain('0 of 4 done');
    expect(text).toContain('Stripe waits for your details');
  });

  it('does not count a payment that failed, and shows it', async () => {
    const at = await atWork(app);
    await addAccount(at);
    await addPayment(at, { status: 'failed', customerEmail: 'sam@example.com' });
    const text = textOf(await homeOf(at));
    expect(text).toContain('1 of 4 done');
    expect(text).toMatch(/sam@example\.com.*Failed.*£50\.00/);
  });

  it('says in live what is needed, and names no test card', async () => {
    const at = await atWork(app, { mode: 'live' });
    const text = textOf(await homeOf(at));
    expect(text).toContain('Buyers can pay once Stripe is connected');
    expect(text).toContain('an identity document');
    expect(text).toContain('Share your link');
    expect(text).not.toContain('4242');
  });

  it('sends a viewer, who may not make links, to the list of links', async () => {
    const at = await atWork(app, { role: 'viewer' });
    const page = await homeOf(at);
    expect(page).not.toContain('links/new');
    expect(page).toContain(`href="${at.path('links')}"`);
  });

  it('is German for a German browser', async () => {
    const at = await atWork(app);
    await addLink(at, 'Anzahlung');
    const text = textOf(await homeOf(at, 'de'));
    for (const said of ['Willkommen, Harbour Studio', '1 von 4 erledigt', 'wir nehmen 0 %', '50,00 €']) {
      expect(text).toContain(said);
    }
    expect(text).not.toMatch(/Connect|your|Writing|money/);
  });
});

describe('Home after the first payment', () => {
  it('shows what came in today and in 30 days, each currency by itself', async () => {
    const at = await atWork(app, { mode: 'live' });
    await addAccount(at);
    const first = await addPayment(at, { amountMinor: 1234 });
    await addPayment(at, { amountMinor: 4999 });
    await addRefund(at, first, 34);
    await addPayment(at, { amountMinor: 8800, currency: 'JPY' });
    const text = textOf(await homeOf(at));
    expect(text).toMatch(
      /British Pound £62\.33 Today, 2 payments 30 days, 2 payments £62\.33 Refunded in 30 days £0\.34/,
    );
    expect(text).toMatch(/Japanese Yen (JP)?¥8,800 Today, 1 payment /);
    expect(text).not.toContain('of 4 done');
    expect(textOf(await homeOf(at, 'de'))).toMatch(/Britisches Pfund 62,33\s£ Heute, 2 Zahlungen/);
  });

  it('shows the latest five payments, the newest first, each with the way to it', async () => {
    const at = await atWork(app);
    const link = await addLink(at, 'Evening class');
    const ids: number[] = [];
    for (let minute = 6; minute > 0; minute -= 1) {
      const buyer = { paymentLinkId: link, customerEmail: `buyer${minute}@example.com` };
      ids.unshift(await addPayment(at, { ...buyer, createdAt: Date.now() - minute * 60_000 }));
    }
    await addRefund(at, ids[0] ?? 0, 5000);
    const page = await homeOf(at);
    expect(textOf(page)).toMatch(/buyer1@example\.com Evening class Refunded.*buyer2@example\.com Evening class Paid/);
    expect([...page.matchAll(/\/payments\/(\d+)"/g)].map(([, id]) => Number(id))).toEqual(ids.slice(0, 5));
  });

  it('goes on with the open steps in the sandbox, and not in live', async () => {
    const sandbox = await atWork(app);
    await addPayment(sandbox);
    expect(textOf(await homeOf(sandbox))).toMatch(/Still to do 1 of 4 done/);
    await addAccount(sandbox);
    await addLink(sandbox, 'Studio deposit');
    expect(textOf(await homeOf(sandbox))).not.toContain('Still to do');
    const live = await atWork(app, { mode: 'live' });
    await addAccount(live);
    await addPayment(live);
    expect(textOf(await homeOf(live))).not.toContain('Still to do');
  });

  it('says that nothing came in for a while', async () => {
    const at = await atWork(app);
    await addPayment(at, { createdAt: Date.now() - 40 * 24 * 60 * 60_000 });
    const page = await homeOf(at);
    expect(textOf(page)).toContain('Nothing came in in the last 30 days');
    expect(page).not.toContain('class="chart"');
  });

  it('says what needs attention, with the way there, and nothing where all is well', async () => {
    const at = await atWork(app);
    await addAccount(at);
    const payment = await addPayment(at);
    expect(await homeOf(at)).not.toContain('Needs attention');
    await addDispute(at, payment);
    const failing = await insertEndpointRow(directory, at.workspaceId, { url: HOOK, failingSince: Date.now() });
    await insertEndpointRow(directory, at.workspaceId, {
      url: 'https://old.harbour.example/',
      status: 'disabled',
      disabledReason: DISABLED_REASONS.failing,
      disabledAt: Date.now(),
    });
    await insertEndpointRow(directory, at.workspaceId, {
      url: 'https://gone.harbour.example/',
      status: 'disabled',
      disabledReason: DISABLED_REASONS.gone,
      disabledAt: Date.now(),
    });
    const page = await homeOf(at);
    const text = textOf(page);
    expect(page).toContain('aria-label="Needs attention"');
    expect(text).toContain('A buyer disputes £50.00.');
    expect(text).toContain('hooks.harbour.example has failed since');
    expect(text).toMatch(
      /old\.harbour\.example was switched off\. Every delivery to it failed for 5 days\. It gets no/,
    );
    expect(text).toMatch(/gone\.harbour\.example was switched off\. It answered 410 Gone, which means: .* It gets no/);
    expect(page).toContain(`href="${at.path(`developers/webhooks/${failing.id}`)}"`);
    expect(page).toContain(`href="${at.path(`payments/${payment}`)}"`);
    const german = textOf(await homeOf(at, 'de'));
    expect(german).toContain('Ein Käufer ficht 50,00');
    expect(german).toContain('Der Endpunkt gone.harbour.example wurde ausgeschaltet. Er hat mit 410 Gone geantwortet');
  });

  it('says that Stripe needs something', async () => {
    const at = await atWork(app);
    await addAccount(at, { payoutsEnabled: false });
    await addPayment(at);
    const page = await homeOf(at);
    expect(textOf(page)).toContain('Stripe pays nothing out');
    expect(page).toContain(`href="${at.path('settings/stripe')}"`);
  });
});
