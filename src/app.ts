import { type Context, Hono } from 'hono';
import type { ApiError } from './core/errors.ts';
import { API_PATH } from './core/urls.ts';
import { serverApi } from './http/api/server-api.ts';
import type { AppEnv } from './http/app-env.ts';
import { connect, respondUnknown } from './http/connect/routes.ts';
import { embedRoutes } from './http/embed/embed-routes.ts';
import { type FrameEnv, frameRoutes, respondFrameFault } from './http/embed/frame-routes.tsx';
import { health } from './http/health.ts';
import { logos } from './http/logos.ts';
import { configuration } from './http/middleware/configuration.ts';
import { requestId } from './http/middleware/request-id.ts';
import {
  apiHeaders,
  frameHeaders,
  logoHeaders,
  type PageHeadersEnv,
  pageHeaders,
  strictTransport,
} from './http/middleware/security-headers.ts';
import { operators } from './http/operators.ts';
import { cleanAddress } from './http/pay/clean-address.ts';
import { respondUnknownPage } from './http/pay/closed-response.tsx';
import { doneRoutes } from './http/pay/done-routes.tsx';
import { frontPage } from './http/pay/front-page.tsx';
import type { PageEnv } from './http/pay/load-link.ts';
import { payRoutes } from './http/pay/pay-routes.tsx';
import { qrRoutes } from './http/pay/qr-routes.ts';
import { allowedMethods, noRouteError, respondError } from './http/respond-error.ts';
import { stripeEvents } from './http/stripe-events/receive.ts';
import { wellKnown } from './http/well-known.ts';

/** The HTTP application of the Worker: all routes, and the middleware in the order in which it runs. */
export const app = new Hono<AppEnv>();

app.use(requestId());
app.use(strictTransport());
app.use('/api/*', apiHeaders());
app.use(configuration());

app.route('/', frontPage);
app.route('/health', health);
app.route('/operators', operators);
app.route(API_PATH, serverApi);
app.route('/api/v1/embed/payments', embedRoutes);
app.route('/api/stripe/events', stripeEvents);
app.route('/.well-known', wellKnown);

app.use('/logo/*', logoHeaders());
app.route('/logo', logos);

app.use('/embed/*', frameHeaders());
app.route('/embed/payments', frameRoutes);
app.all('/embed/*', (c: Context<FrameEnv>) => respondFrameFault(noRoute(c), c));

app.use('/connect/*', pageHeaders());
app.route('/connect', connect);
app.all('/connect/*', (c: Context<PageHeadersEnv>) => respondUnknown(c, allowedMethods(app, c.req.path)));

app.use('/pay/*', pageHeaders());
app.use('/pay/link/*', cleanAddress());
app.route('/pay/link', doneRoutes);
app.route('/pay/link', qrRoutes);
app.route('/pay/link', payRoutes);
app.all('/pay/*', (c: Context<PageEnv>) => respondUnknownPage(c, allowedMethods(app, c.req.path)));

app.notFound((c) => respondError(noRoute(c), c));
app.onError(respondError);

function noRoute({ req: { method, path } }: Pick<Context, 'req'>): ApiError {
  return noRouteError(method, path, allowedMethods(app, path));
}
