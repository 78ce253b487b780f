import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiError } from '../core/errors.ts';
import { describeError, logLine } from '../core/log.ts';
import { MAX_LOGO_BYTES } from '../core/picture.ts';
import { isDatabaseOutage } from '../db/client.ts';
import type { AppContext, AppEnv } from './app-env.ts';
import { developersRoutes } from './developers/routes.ts';
import { linkRoutes } from './links/routes.ts';
import { shareRoutes } from './links/share-routes.ts';
import type { Mailer } from './mail.ts';
import { configuration, ownForms, requestLog, securityHeaders, wholeForm } from './middleware.ts';
import { messagePage, refusalPage } from './pages/message.tsx';
import { paymentRoutes } from './payments/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { confirmRoutes } from './sign-in/confirm-routes.ts';
import { passkeyRoutes } from './sign-in/passkey-routes.ts';
import { personRoutes } from './sign-in/person-routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { invitationRoutes } from './team/invitation-routes.ts';
import { newWorkspaceRoutes } from './team/new-workspace-routes.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** The longest form is that of a logo: its bytes, and what stands around them. */
const MAX_FORM_BYTES = MAX_LOGO_BYTES + 4 * 1024;

/** The HTTP application of the merchant app: all routes, and the middleware in the order in which it runs. */
export function merchantApp(mailer: Mailer): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestLog());
  app.use(securityHeaders());
  app.use(configuration(mailer));
  app.use(ownForms());
  app.use(
    bodyLimit({
      maxSize: MAX_FORM_BYTES,
      onError: (c: AppContext) => c.html(messagePage(c.var.language, 'tooLarge'), 413),
    }),
  );

  app.use(wholeForm());

  app.get('/', (c) => c.redirect('/app', 303));
  app.route('/app/sign-in', signInRoutes);
  app.route('/app/confirm', confirmRoutes);
  app.route('/app/passkeys', passkeyRoutes);
  app.route('/app', personRoutes);
  app.route('/app/workspaces', newWorkspaceRoutes);
  app.route('/app/invitations', invitationRoutes);
  app.route('/app', workspaceRoutes);
  app.route('/app', developersRoutes);
  app.route('/app', paymentRoutes);
  app.route('/app', linkRoutes);
  app.route('/app', shareRoutes);
  app.route('/app', settingsRoutes);

  app.notFound((c) => c.html(messagePage(c.var.language, 'notFound'), 404));
  app.onError((error, c) => {
    if (error instanceof ApiError && error.status === 404) return c.html(messagePage(c.var.language, 'notFound'), 404);
    if (error instanceof ApiError && error.status < 500) {
      return c.html(refusalPage(c.var.language, error), error.status);
    }
    logLine('error', 'request failed', { request_id: c.var.requestId, error: describeError(error) });
    const status = error instanceof ApiError ? error.status : isDatabaseOutage(error) ? 503 : 500;
    return c.html(messagePage(c.var.language, 'failed'), status);
  });
  return app;
}
