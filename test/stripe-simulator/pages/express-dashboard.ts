import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { deauthorize } from '../resources/account-changes.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { accountKey, type StoredAccount, type StoredLoginLink } from '../state.ts';
import { type Html, messagePage, page, show } from './layout.ts';

/** Stands in for the Express dashboard: it says what the account can do, and its owner can end the platform's access. */
export function createExpressDashboard(simulation: Simulation): Hono {
  const app = new Hono();
  app.get('/express/:account/:token', (c) => {
    const found = findLink(simulation, c);
    if (!found) return notFound(c);
    const { account, link } = found;
    if (link.used || link.expiresAt <= nowSeconds(simulation) || !account.connected) return overPage(c);
    link.used = true;
    simulation.changed();
    return show(c, 200, dashboardPage(account));
  });
  app.post('/express/:account/:token', (c) => {
    const found = findLink(simulation, c);
    if (!found) return notFound(c);
    const { account, link } = found;
    if (!link.used) return overPage(c);
    // The second click finds the account disconnected.
    if (account.connected) deauthorize(simulation, account);
    return show(c, 200, messagePage('Disconnected', 'The platform has no access to this account any more.'));
  });
  return app;
}

function findLink({ state }: Simulation, c: Context): { account: StoredAccount; link: StoredLoginLink } | null {
  const link = state.loginLinks.get(c.req.param('token') ?? '');
  if (!link || link.accountId !== c.req.param('account')) return null;
  const account = state.accounts.get(accountKey(link.livemode, link.accountId));
  return account ? { account, link } : null;
}

function notFound(c: Context): Promise<Response> {
  return show(c, 404, messagePage('Not found', 'There is no such login link.'));
}

function overPage(c: Context): Promise<Response> {
  const message = 'A login link works once, for five minutes. Ask the platform for a new one.';
  return show(c, 410, messagePage('This link does not work any more', message));
}

function dashboardPage({ object, livemode }: StoredAccount): Html {
  const name = object.business_profile?.name ?? object.id;
  const rows = [
    ['Account', `${object.id} (${livemode ? 'live' : 'test'} mode)`],
    ['Payments', object.charges_enabled ? 'on' : 'off'],
    ['Payouts', object.payouts_enabled ? 'on' : 'off'],
    ['Stripe needs', object.requirements?.currently_due?.join(', ') || 'nothing'],
  ];
  return page(
    'Express dashboard',
    'narrow',
    html`<section><p class="hint">Express dashboard</p><h1>${name}</h1></section>
<div class="panel"><dl>${rows.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl></div>
<div class="panel"><h2>The platform</h2>
<p>SoftSolz Payments makes charges on this account. Without access it cannot make any, nor refund those it made.</p>
<form method="post"><button class="second">Disconnect from the platform</button></form>
</div>`,
  );
}
