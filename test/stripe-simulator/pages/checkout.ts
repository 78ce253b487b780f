import { type Context, Hono } from 'hono';
import type { Simulation } from '../simulation.ts';
import type { StoredSession } from '../state.ts';
import { checkoutPage, withSessionId } from './checkout-page.ts';
import { messagePage, show } from './layout.ts';
import { takePayment } from './take-payment.ts';

/** The page of hosted Checkout. No scripts, plain forms. */
export function createCheckout(simulation: Simulation): Hono {
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
  return app;
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
