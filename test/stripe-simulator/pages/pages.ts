import { type Context, Hono } from 'hono';
import { NO_CAUSE } from '../announce.ts';
import { changeAccount } from '../resources/account-changes.ts';
import { setChargesEnabled } from '../resources/account-object.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { accountKey, type StoredAccount, type StoredSession } from '../state.ts';
import { checkoutPage, withSessionId } from './checkout-page.ts';
import { type Html, messagePage, PAGE_HEADERS } from './layout.ts';
import { onboardingPage } from './onboarding-page.ts';
import { takePayment } from './take-payment.ts';

/** Pages for people: hosted Checkout and the onboarding of accounts. No scripts, plain forms. */
export function createPages(simulation: Simulation): Hono {
  const app = new Hono();
  app.get('/c/pay/:id', (c) => {
    const stored = hostedSession(simulation, c.req.param('id'));
    if (!stored) return show(c, 404, messagePage('Not found', 'There is no such Checkout session.'));
    if (stored.object.status !== 'open') return closedSession(c, stored);
    return show(c, 200, checkoutPage(simulation, stored));
  });
  app.post('/c/pay/:id', async (c) => {
    const form = await c.req.formData();
    const stored = hostedSession(simulation, c.req.param('id'));
    if (!stored) return show(c, 404, messagePage('Not found', 'There is no such Checkout session.'));
    const taken = await takePayment(simulation, stored, form);
    if (taken.kind === 'closed') return closedSession(c, stored);
    if (taken.kind === 'complete') return c.redirect(successUrl(stored), 303);
    return show(c, taken.status, checkoutPage(simulation, stored, taken.values, taken.errors));
  });
  app.get('/setup/s/:account/:token', async (c) => {
    const setup = openSetup(simulation, c);
    return setup.account ? show(c, 200, onboardingPage(setup.account)) : setup.refusal;
  });
  app.post('/setup/s/:account/:token', async (c) => {
    const action = (await c.req.formData()).get('action');
    const setup = openSetup(simulation, c);
    if (!setup.account) return setup.refusal;
    if (action === 'refresh') return c.redirect(setup.link.refreshUrl, 303);
    setup.link.used = true;
    if (action === 'complete') completeOnboarding(simulation, setup.account);
    simulation.changed();
    return c.redirect(setup.link.returnUrl ?? simulation.baseUrl, 303);
  });
  return app;
}

async function show(c: Context, status: 200 | 402 | 404 | 410 | 422, content: Html): Promise<Response> {
  return c.body(String(await content), status, PAGE_HEADERS);
}

function hostedSession(simulation: Simulation, id: string): StoredSession | null {
  const stored = simulation.state.sessions.get(id);
  return stored?.object.ui_mode === 'hosted_page' ? stored : null;
}

function closedSession(c: Context, { object: session }: StoredSession): Promise<Response> {
  if (session.status === 'expired') {
    const back = session.cancel_url
      ? { href: withSessionId(session.cancel_url, session.id), text: 'Go back' }
      : undefined;
    return show(
      c,
      410,
      messagePage('This page has expired', 'Nothing was charged. Start again where you came from.', back),
    );
  }
  const url = session.success_url ?? '';
  const link = { href: withSessionId(url, session.id), text: 'Continue' };
  return show(c, 200, messagePage('Payment complete', 'This Checkout session is already complete.', link));
}

function successUrl({ object: session }: StoredSession): string {
  return withSessionId(session.success_url ?? '', session.id);
}

/** The account of a setup link, or the answer for a link that is not valid. */
function openSetup(simulation: Simulation, c: Context) {
  const link = simulation.state.accountLinks.get(c.req.param('token') ?? '');
  if (!link || link.accountId !== c.req.param('account')) {
    return { account: null, refusal: show(c, 404, messagePage('Not found', 'There is no such setup link.')) } as const;
  }
  const account = simulation.state.accounts.get(accountKey(link.livemode, link.accountId));
  if (link.used || link.expiresAt <= nowSeconds(simulation) || !account?.connected) {
    return { account: null, refusal: c.redirect(link.refreshUrl, 303) } as const;
  }
  return { account, link } as const;
}

function completeOnboarding(simulation: Simulation, account: StoredAccount): void {
  changeAccount(simulation, account, NO_CAUSE, (object) => {
    setChargesEnabled(object, true);
    object.details_submitted = true;
    object.payouts_enabled = true;
  });
}
