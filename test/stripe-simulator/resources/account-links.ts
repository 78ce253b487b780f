import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { randomText } from '../ids.ts';
import { parameters, parseParameters, text, url } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';
import { connectedAccount } from './accounts.ts';

const LINK_LIFETIME_SECONDS = 300;

const createSchema = parameters({
  account: text(),
  type: z.enum(['account_onboarding', 'account_update']),
  refresh_url: url(),
  return_url: url(),
  collect: z.enum(['currently_due', 'eventually_due']).optional(),
  collection_options: z.unknown().optional(),
});

/** A single-use link to the onboarding page, valid for five minutes (docs.stripe.com/api/account_links). */
function createAccountLink({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(createSchema, params);
  const account = connectedAccount(simulation, scope.livemode, input.account);
  const created = nowSeconds(simulation);
  const token = randomText(24);
  simulation.state.accountLinks.set(token, {
    livemode: scope.livemode,
    account: account.object.id,
    token,
    accountId: account.object.id,
    refreshUrl: input.refresh_url,
    returnUrl: input.return_url,
    expiresAt: created + LINK_LIFETIME_SECONDS,
    used: false,
  });
  simulation.changed();
  return {
    object: 'account_link',
    created,
    expires_at: created + LINK_LIFETIME_SECONDS,
    url: `${simulation.baseUrl}/setup/s/${account.object.id}/${token}`,
  };
}

export const accountLinkRoutes: Route[] = [['POST', '/v1/account_links', createAccountLink]];
