import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Simulation } from '../simulation.ts';
import type { StoredSession } from '../state.ts';
import { embeddedPage, withSessionId } from './checkout-page.ts';
import { EMBEDDED_HEADERS, embeddedLayout, type Html } from './layout.ts';
import { takePayment } from './take-payment.ts';

type RefusalStatus = 400 | 401 | 404 | 410;

interface Refusal {
  readonly status: RefusalStatus;
  readonly message: string;
}

/** The part of Stripe.js that embedded Checkout needs, and the page in its iframe. */
export function createEmbedded(simulation: Simulation): Hono {
  const app = new Hono();
  app.get('/stripe.js', (c) => script(c, 'stripe.js'));
  app.get('/embedded.js', (c) => script(c, 'embedded.js'));
  // Stripe.js calls this before it shows the iframe. Any page may call it: the client secret opens the session.
  app.get('/embedded/:secret/init', (c) => {
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cache-Control', 'no-store');
    const found = openedBy(simulation, c);
    if ('message' in found) return c.json({ error: { message: found.message } }, found.status);
    return c.json({ session: found.object.id });
  });
  app.get('/embedded/:secret', (c) => {
    const found = openedBy(simulation, c);
    return 'message' in found ? refuse(c, found) : show(c, 200, embeddedPage(simulation, found));
  });
  app.post('/embedded/:secret', async (c) => {
    const form = await c.req.formData();
    const found = openedBy(simulation, c);
    if ('message' in found) return await refuse(c, found);
    const taken = await takePayment(simulation, found, form);
    if (taken.kind === 'closed') return await refuse(c, closedAs(found));
    if (taken.kind === 'complete') return await show(c, 200, completePage(found));
    return await show(c, taken.status, embeddedPage(simulation, found, taken.values, taken.errors));
  });
  return app;
}

function script(c: Context, name: string): Response {
  const text = readFileSync(join(import.meta.dirname, '../browser', name), 'utf8');
  c.header('Content-Type', 'text/javascript; charset=utf-8');
  c.header('Cache-Control', 'no-cache');
  // As Stripe does: a page that isolates itself may still load it.
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  c.header('Access-Control-Allow-Origin', '*');
  return c.body(text);
}

/** The open session of a client secret, asked for with a publishable key of its mode and for its account. */
function openedBy(simulation: Simulation, c: Context): StoredSession | Refusal {
  const secret = c.req.param('secret') ?? '';
  const { key = '', account } = c.req.query();
  const mode = /^pk_(test|live)_\w+$/.exec(key)?.[1];
  if (mode === undefined) return { status: 401, message: 'Invalid API Key provided.' };
  const [id = ''] = secret.split('_secret_');
  const stored = simulation.state.sessions.get(id);
  if (!stored || stored.object.client_secret !== secret) {
    return { status: 404, message: 'No such checkout session: its client secret is wrong.' };
  }
  if (stored.livemode !== (mode === 'live')) {
    const other = stored.livemode ? 'live' : 'test';
    const message = `This session is in ${other} mode, but the publishable key is in ${mode} mode.`;
    return { status: 400, message };
  }
  if (stored.account !== (account ?? null)) {
    return { status: 404, message: 'No such checkout session on this account: stripeAccount is wrong.' };
  }
  return stored.object.status === 'open' ? stored : closedAs(stored);
}

function closedAs({ object }: StoredSession): Refusal {
  return object.status === 'expired'
    ? { status: 410, message: 'This Checkout session has expired. Nothing was charged.' }
    : { status: 410, message: 'This Checkout session is already complete.' };
}

async function show(c: Context, status: 200 | 402 | 422 | RefusalStatus, content: Html): Promise<Response> {
  return c.body(String(await content), status, EMBEDDED_HEADERS);
}

function refuse(c: Context, { status, message }: Refusal): Promise<Response> {
  return show(c, status, embeddedLayout('Checkout', html`<h1>Something went wrong</h1><p>${message}</p>`));
}

/** `data-return-url`: where the page around the iframe goes, for a session that always redirects. */
function completePage({ object }: StoredSession): Html {
  const { redirect_on_completion: redirects, return_url: url } = object;
  const target = redirects === 'always' && url ? html`data-return-url="${withSessionId(url, object.id)}"` : '';
  const title = object.payment_status === 'paid' ? 'Paid' : 'Payment on its way';
  return embeddedLayout(title, html`<h1 data-testid="complete">${title}</h1>`, html`data-complete ${target}`);
}
