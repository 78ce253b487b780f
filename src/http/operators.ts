import { Hono } from 'hono';
import * as z from 'zod/mini';
import { readEmail } from '../core/email.ts';
import { returnTokens } from '../core/return-token.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { onboardingUrls } from '../core/urls.ts';
import { accessGoneError } from '../domain/accounts/chargeable-account.ts';
import { disconnectAccount } from '../domain/accounts/disconnect-account.ts';
import { openDashboard } from '../domain/accounts/open-dashboard.ts';
import { readAccountNow } from '../domain/accounts/read-account.ts';
import { startOnboarding } from '../domain/accounts/start-onboarding.ts';
import { findContext, readKeyUses, readRecentRequests } from '../domain/workspaces/queries.ts';
import { country, presentAccount, presentLink } from './account-json.ts';
import type { OperatorEnv } from './app-env.ts';
import { operator } from './middleware/operator.ts';
import { validJson } from './middleware/validate.ts';

/**
 * `/operators`: what only the Worker can do for operators, because it is in a Durable Object or needs a secret that only
 * the Worker has.
 */
export const operators = new Hono<OperatorEnv>();

operators.all('/workspaces/:id/requests', operator('GET'), async (c) => {
  const requests = await readRecentRequests(c.var.context, c.req.param('id'));
  return c.json({ data: requests.map(presentRequest) });
});

operators.all('/workspaces/:id/key-uses', operator('GET'), async (c) => {
  const uses = Object.entries(await readKeyUses(c.var.context, c.req.param('id')));
  const latestFirst = uses.toSorted(([, left], [, right]) => right - left);
  return c.json({ data: latestFirst.map(([keyId, at]) => ({ key_id: keyId, last_used_at: toRfc3339(at) })) });
});

const EMAIL_EXPECTED = 'email must be an e-mail address, for example owner@yoursite.com.';

const onboardingFields = z.object({
  country: z.nullish(country),
  email: z.nullish(z.string(EMAIL_EXPECTED).check(z.refine((text) => readEmail(text) !== null, EMAIL_EXPECTED))),
  start_over: z.nullish(z.boolean('start_over must be true or false.')),
});

const onboardingBody = z.pipe(
  onboardingFields,
  z.transform((body: z.output<typeof onboardingFields>) => ({
    country: body.country ?? null,
    email: body.email ? readEmail(body.email) : null,
    startOver: body.start_over ?? false,
  })),
);

operators.all('/workspaces/:id/account/onboarding-links', operator('POST'), validJson(onboardingBody), async (c) => {
  const context = await findContext(c.var.context, c.req.param('id'));
  const token = await (await returnTokens(c.var.config)).issue(
    { workspaceId: context.workspace.id, shard: context.shard },
    context.now(),
  );
  const urls = onboardingUrls(context.publicUrl, token);
  const started = await startOnboarding(context, { ...c.req.valid('json'), ...urls, requestKey: null });
  if (started.kind === 'connected') return c.json({ data: presentAccount(context, started.account) });
  return c.json({ data: presentLink(started) }, 201);
});

// A POST, because what Stripe says is stored.
operators.all('/workspaces/:id/account/read', operator('POST'), async (c) => {
  const context = await findContext(c.var.context, c.req.param('id'));
  const { account, isReachable } = await readAccountNow(context);
  if (!isReachable) throw accessGoneError();
  return c.json({ data: presentAccount(context, account) });
});

operators.all('/workspaces/:id/account/dashboard-links', operator('POST'), async (c) => {
  const context = await findContext(c.var.context, c.req.param('id'));
  return c.json({ data: { url: await openDashboard(context) } }, 201);
});

operators.all('/workspaces/:id/account/disconnect', operator('POST'), async (c) => {
  const context = await findContext(c.var.context, c.req.param('id'));
  return c.json({ data: presentAccount(context, await disconnectAccount(context)) });
});

type RecentRequest = Awaited<ReturnType<typeof readRecentRequests>>[number];

/** A request as operators see it. `status` and `code` are null until the gate of the workspace knows them. */
function presentRequest({ at, keyId, method, route, status, code, requestId }: RecentRequest) {
  return { at: toRfc3339(at), method, route, status, code, key_id: keyId, request_id: requestId };
}
