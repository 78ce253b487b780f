import { Hono } from 'hono/tiny';
import { ApiError } from './core/errors.ts';
import { serverApi } from './http/api/server-api.ts';
import type { AppEnv } from './http/app-env.ts';
import { embedApi } from './http/embed/embed-api.ts';
import { framePages } from './http/embed/frame-pages.tsx';
import { health } from './http/health.ts';
import { apiHeaders } from './http/middleware/api-headers.ts';
import { configuration } from './http/middleware/configuration.ts';
import { exactPath } from './http/middleware/exact-path.ts';
import { pageHeaders } from './http/middleware/page-headers.ts';
import { requestId } from './http/middleware/request-id.ts';
import { unknownPage } from './http/pay/closed-response.tsx';
import { doneRoutes } from './http/pay/done-routes.tsx';
import { payRoutes } from './http/pay/pay-routes.tsx';
import { qrRoutes } from './http/pay/qr-routes.ts';
import { wellKnown } from './http/pay/well-known.ts';
import { respondError } from './http/respond-error.ts';
import { stripeEvents } from './http/stripe-events/receive.ts';

/** Every door of the Worker, and the order in which a request passes. */
export const app = new Hono<AppEnv>();

app.use(requestId());
app.use('/api/*', apiHeaders());
app.use(configuration());
for (const door of ['/health/*', '/api/stripe/*', '/.well-known/*'])
  app.use(
    door,
    exactPath((c) => c.notFound()),
  );

app.route('/health', health);
app.route('/api/v1/services/payments', serverApi);
app.route('/api/v1/embed/payments', embedApi);
app.route('/api/stripe/events', stripeEvents);
app.route('/.well-known', wellKnown);

app.use(
  '/embed/*',
  exactPath((c) => c.notFound()),
);
app.route('/embed/payments', framePages);

app.use('/pay/*', pageHeaders(), exactPath(unknownPage));
app.route('/pay/link', doneRoutes);
app.route('/pay/link', qrRoutes);
app.route('/pay/link', payRoutes);
app.all('/pay/*', unknownPage);

app.notFound((c) => respondError(new ApiError('not_found', `Nothing is here: ${c.req.method} ${c.req.path}.`), c));
app.onError(respondError);
