import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { conditionsOf } from '../conditions.ts';
import { StripeFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import { isWithin, listPage } from '../lists.ts';
import { createdRange, email, metadata, pageShape, parameters, parseParameters, text } from '../parameters.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { accountKey, type StoredAccount } from '../state.ts';
import { changeAccount } from './account-changes.ts';
import { newAccountObject } from './account-object.ts';

/** Members of an account that are stored without further checks. */
const anything = z.unknown().optional();

const createSchema = parameters({
  type: z.enum(['custom', 'express', 'standard']).default('standard'),
  country: text(2).default('US'),
  email: email().optional(),
  default_currency: text(3).optional(),
  business_type: z.enum(['company', 'government_entity', 'individual', 'non_profit']).optional(),
  business_profile: z.looseObject({ name: text().optional() }).optional(),
  metadata: metadata().default({}),
  capabilities: anything,
  company: anything,
  controller: anything,
  individual: anything,
  settings: anything,
  tos_acceptance: anything,
});

const updateSchema = parameters({
  email: email().optional(),
  default_currency: text(3).optional(),
  business_profile: z.looseObject({ name: text().optional() }).optional(),
  metadata: metadata().optional(),
});

const listSchema = parameters({ ...pageShape, created: createdRange.optional() });

/** The connected account with this id and mode. Throws StripeFailure 403 if it is unknown or has revoked access. */
export function connectedAccount(simulation: Simulation, livemode: boolean, id: string): StoredAccount {
  const account = simulation.state.accounts.get(accountKey(livemode, id));
  if (account?.connected) return account;
  throw accountInvalid(id);
}

/** The 403 for an account that this platform has no access to, or not any more. */
export function accountInvalid(id: string): StripeFailure {
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
  return new StripeFailure(message, { status: 403, code: 'account_invalid' });
}

function createAccount(call: ApiCall): object {
  const { simulation, scope } = call;
  const input = parseParameters(createSchema, call.params);
  const object = newAccountObject({
    id: newId('acct'),
    created: nowSeconds(simulation),
    email: input.email ?? null,
    country: input.country,
    defaultCurrency: input.default_currency ?? 'usd',
    type: input.type,
    businessType: input.business_type ?? null,
    businessName: input.business_profile?.name ?? null,
    metadata: input.metadata,
  });
  simulation.state.accounts.set(accountKey(scope.livemode, object.id), {
    livemode: scope.livemode,
    connected: true,
    object,
    apiVersion: null,
    draft: {},
  });
  simulation.changed();
  return object;
}

function updateAccount(call: ApiCall): object {
  const account = connectedAccount(call.simulation, call.scope.livemode, call.path.id ?? '');
  const input = parseParameters(updateSchema, call.params);
  changeAccount(call.simulation, account, call.cause, (object) => {
    if (input.email !== undefined) object.email = input.email;
    if (input.default_currency !== undefined) object.default_currency = input.default_currency;
    if (input.metadata !== undefined) object.metadata = { ...object.metadata, ...input.metadata };
    const name = input.business_profile?.name;
    if (name !== undefined && object.business_profile) object.business_profile.name = name;
  });
  return account.object;
}

function listAccounts({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(listSchema, params);
  const accounts = [...simulation.state.accounts.values()]
    .filter((account) => account.livemode === scope.livemode && account.connected)
    .map((account) => account.object)
    .filter((account) => isWithin(account.created ?? 0, input.created))
    .reverse();
  return listPage(accounts, input, '/v1/accounts', 'account');
}

function retrieveAccount({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  return connectedAccount(simulation, scope.livemode, path.id ?? scope.account ?? '').object;
}

/** The account of the Stripe-Account header, or without one the platform's own. */
function retrieveOwnAccount(call: ApiCall): object {
  if (call.scope.account !== null) return retrieveAccount(call);
  parseParameters(parameters({}), call.params);
  return newAccountObject({
    id: conditionsOf(call).forbid === 'other_platform' ? 'acct_other_platform' : 'acct_platform',
    created: 1_700_000_000,
    email: null,
    country: 'US',
    defaultCurrency: 'usd',
    type: 'standard',
    businessType: 'company',
    businessName: 'The platform',
    metadata: {},
  });
}

export const accountRoutes: Route[] = [
  ['GET', '/v1/account', retrieveOwnAccount],
  ['GET', '/v1/accounts', listAccounts],
  ['POST', '/v1/accounts', createAccount],
  ['GET', '/v1/accounts/:id', retrieveAccount],
  ['POST', '/v1/accounts/:id', updateAccount],
];
