import { Hono } from 'hono';
import { createApi } from './api.ts';
import { applyTime } from './apply-time.ts';
import { createControl } from './control.ts';
import { refuseBrowserPages, refuseForeignHost } from './local-only.ts';
import { createCheckout } from './pages/checkout.ts';
import { createEmbedded } from './pages/embedded.ts';
import { createExpressDashboard } from './pages/express-dashboard.ts';
import { homePage } from './pages/home-page.ts';
import { PAGE_HEADERS } from './pages/layout.ts';
import { createOnboarding } from './pages/onboarding.ts';
import type { Simulation } from './simulation.ts';
import { createSink } from './sink.ts';

/** Everything the simulator serves on one port. */
export function createApp(simulation: Simulation): Hono {
  const app = createSinkApp();
  app.use(async (_c, next) => {
    applyTime(simulation);
    await next();
  });
  const control = createControl(simulation);
  app.use('/_control/*', refuseBrowserPages());
  app.route('/_control', control);
  app.get('/', async (c) => c.body(String(await homePage(control.routes)), 200, PAGE_HEADERS));
  app.route('/', createApi(simulation));
  app.route('/', createCheckout(simulation));
  app.route('/', createOnboarding(simulation));
  app.route('/', createExpressDashboard(simulation));
  app.route('/', createEmbedded(simulation));
  app.onError((error) => {
    throw error;
  });
  return app;
}

/** Only the sink, for use with the real Stripe. */
export function createSinkApp(): Hono {
  const app = new Hono();
  app.use(refuseForeignHost());
  app.route('/', createSink());
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path} here.` }, 404));
  return app;
}
