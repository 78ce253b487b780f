import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { text, url } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';
import type { StoredAccount } from '../state.ts';
import { newLink } from './account-links.ts';
import { controlOf } from './account-object.ts';
import { accountOfV2 } from './accounts-v2.ts';
import { parseV2 } from './accounts-v2-parameters.ts';

const LIFETIME_SECONDS = 600;

const flow = z.strictObject({
  refresh_url: url(),
  return_url: url().optional(),
  collection_options: z
    .strictObject({
      fields: z.enum(['currently_due', 'eventually_due']).optional(),
      future_requirements: z.enum(['include', 'omit']).optional(),
    })
    .optional(),
});
const createSchema = z.strictObject({
  account: text(),
  use_case: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('account_onboarding'), account_onboarding: flow }),
    z.strictObject({ type: z.literal('account_update'), account_update: flow }),
  ]),
});

/** A link that is valid for ten minutes (docs.stripe.com/api/v2/core/account-links). */
function createAccountLink(call: ApiCall): object {
  const { account: id, use_case: useCase } = parseV2(createSchema, call.params);
  const account = accountOfV2(call, id);
  if (useCase.type === 'account_update') refuseWithDashboard(account);
  const asked = useCase.type === 'account_update' ? useCase.account_update : useCase.account_onboarding;
  const { link, url } = newLink(call, {
    accountId: id,
    refreshUrl: asked.refresh_url,
    returnUrl: asked.return_url ?? null,
    lifetimeSeconds: LIFETIME_SECONDS,
  });
  return {
    object: 'v2.core.account_link',
    account: id,
    created: isoTime(nowSeconds(call.simulation)),
    expires_at: isoTime(link.expiresAt),
    livemode: call.scope.livemode,
    url,
    use_case: useCase,
  };
}

function refuseWithDashboard({ object }: StoredAccount): void {
  if (controlOf(object).dashboard === 'none') return;
  const message =
    'The use case account_update is only for accounts without a Stripe dashboard. Use account_onboarding, or let the owner change the details in the dashboard.';
  throw new StripeFailure(message, { code: 'account_link_type_not_supported' });
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

export const accountLinkV2Routes: Route[] = [['POST', '/v2/core/account_links', createAccountLink]];
