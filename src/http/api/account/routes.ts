import { Hono } from 'hono';
import { disconnectAccount } from '../../../domain/accounts/disconnect-account.ts';
import { openDashboard } from '../../../domain/accounts/open-dashboard.ts';
import { startOnboarding } from '../../../domain/accounts/start-onboarding.ts';
import { presentAccount, presentLink } from '../../account-json.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody } from '../../middleware/validate.ts';
import { noBody } from '../fields.ts';
import { ONBOARDING_CODES, onboardingLinkBody } from './requests.ts';

const READ = 'service.payments.account.read';
const WRITE = 'service.payments.account.write';

/** `/account`: the Stripe account that the workspace is paid through. */
export const account = new Hono<ApiEnv>();

account.get('/', secretKey(READ), (c) => {
  const { context } = c.var;
  return c.json({ data: presentAccount(context, context.account) });
});

const linkBody = jsonBody(onboardingLinkBody, { codes: ONBOARDING_CODES });

account.post('/onboarding-links', secretKey(WRITE), linkBody, admit({ neverStored: true }), async (c) => {
  const { context } = c.var;
  const requestKey = c.var.idempotency?.key ?? null;
  const started = await startOnboarding(context, { ...c.req.valid('json'), requestKey });
  if (started.kind === 'connected') return c.json({ data: presentAccount(context, started.account) });
  return c.json({ data: presentLink(started) }, 201);
});

account.post('/dashboard-links', secretKey(WRITE), noBody, admit({ neverStored: true }), async (c) =>
  c.json({ data: { url: await openDashboard(c.var.context) } }, 201),
);

account.post('/disconnect', secretKey(WRITE), noBody, admit(), async (c) => {
  const { context } = c.var;
  return c.json({ data: presentAccount(context, await disconnectAccount(context)) });
});
