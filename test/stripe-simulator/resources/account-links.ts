import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { randomText } from '../ids.ts';
import { parameters, parseParameters, text, url } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';
import type { StoredAccountLink } from '../state.ts';
import { connectedAccount } from './accounts.ts';

const LIFETIME_SECONDS = 300;

const createSchema = parameters({
  account: text(),
  type: z.enum(['account_onboarding', 'account_update']),
  refresh_url: url(),
  return_url: url(),
  collect: z.enum(['currently_due', 'eventually_due']).optional(),
  collection_options: z.unknown().optional(),
});

interface NewLink {
  accountId: string;
  refreshUrl: string;
  /** null: the person stays at Stripe. */
  returnUrl: string | null;
  lifetimeSeconds: number;
}

/** A new single-use link to the onboarding pages, and its address. */
export function newLink({ simulation, scope }: ApiCall, link: NewLink): { link: StoredAccountLink; url: string } {
  const { lifetimeSeconds, ...rest } = link;
  const token = randomText(24);
  const expiresAt = nowSeconds(simulation) + lifetimeSeconds;
  const stored = { ...rest, livemode: scope.livemode, account: link.accountId, token, expiresAt, used: false };
  simulation.state.accountLinks.set(token, stored);
  simulation.changed();
  return { link: stored, url: `${simulation.baseUrl}/setup/s/${link.accountId}/${token}` };
}

/** A link that is valid for five minutes (docs.stripe.com/api/account_links). */
function createAccountLink(call: ApiCall): object {
  const input = parseParameters(createSchema, call.params);
  const account = connectedAccount(call.simulation, call.scope.livemode, input.account);
  const { link, url } = newLink(call, {
    accountId: account.object.id,
    refreshUrl: input.refresh_url,
    returnUrl: input.return_url,
    lifetimeSeconds: LIFETIME_SECONDS,
  });
  return { object: 'account_link', created: nowSeconds(call.simulation), expires_at: link.expiresAt, url };
}

export const accountLinkRoutes: Route[] = [['POST', '/v1/account_links', createAccountLink]];
