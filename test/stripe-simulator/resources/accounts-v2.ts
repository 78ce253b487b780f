import type Stripe from 'stripe';
import type * as z from 'zod';
import { refuseForbidden } from '../access.ts';
import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { accountKey, type StoredAccount } from '../state.ts';
import { type Control, newAccountObject } from './account-object.ts';
import { accountInV2 } from './account-v2-object.ts';
import { accountInvalid } from './accounts.ts';
import { createSchema, parseV2, retrieveSchema, supportedCountry } from './accounts-v2-parameters.ts';

/** Since this version an account can have the Express dashboard while Stripe collects fees and losses. */
const EXPRESS_WITHOUT_LIABILITY_SINCE = '2026-11-18';

/**
 * The account with this id and the call's mode. Throws StripeFailure: 404 if there is none, 403 if it has revoked access or
 * the conditions forbid it, 400 if the conditions say that `/v2` does not know it yet.
 */
export function accountOfV2({ simulation, scope, params }: ApiCall, id: string): StoredAccount {
  const { forbid, not_yet_compatible_with_v2: isTooNew } = simulation.conditions.settingsFor({
    account: id,
    text: JSON.stringify(params),
  });
  refuseForbidden(forbid, id);
  const account = simulation.state.accounts.get(accountKey(scope.livemode, id));
  if (!account) throw new StripeFailure(`No such account: ${id}.`, { status: 404, code: 'not_found' });
  if (!account.connected) throw accountInvalid(id);
  if (isTooNew) {
    const message = 'Account is not yet compatible with V2 APIs.';
    throw new StripeFailure(message, { code: 'account_not_yet_compatible_with_v2' });
  }
  return account;
}

function createAccount(call: ApiCall): object {
  const { simulation, scope, version } = call;
  const input = parseV2(createSchema, call.params);
  const control = controlFrom(input, version);
  if (input.configuration && input.contact_email === undefined) {
    throw new StripeFailure('The `contact_email` value is required but not provided.', { code: 'invalid_fields' });
  }
  const country = supportedCountry(input.identity?.country);
  const object = newObject(simulation, input, country, control);
  const account = { livemode: scope.livemode, connected: true, object, apiVersion: null, draft: {} };
  simulation.state.accounts.set(accountKey(scope.livemode, object.id), account);
  simulation.changed();
  return accountInV2(account, input.include);
}

/** Who is responsible for what. Throws StripeFailure 400 for a combination that Stripe does not have in this version. */
function controlFrom({ dashboard, defaults }: z.output<typeof createSchema>, version: string): Control {
  const responsibilities = defaults?.responsibilities;
  if (!responsibilities) {
    throw new StripeFailure('The `defaults.responsibilities` value is required but not provided.', {
      code: 'invalid_fields',
    });
  }
  const { fees_collector: fees, losses_collector: losses } = responsibilities;
  const isAtStripe = fees === 'stripe' && losses === 'stripe';
  const isAtPlatform = fees === 'application' && losses === 'application';
  const isAllowed = isAtPlatform || (isAtStripe && version >= EXPRESS_WITHOUT_LIABILITY_SINCE);
  if (dashboard === 'express' && !isAllowed) {
    const message =
      'If `dashboard` is `express`, `fees_collector` must be `application` and `losses_collector` must be `application`.';
    throw new StripeFailure(message, { code: 'account_controller_express_dash_without_application_losses_or_fees' });
  }
  return { dashboard, fees, losses };
}

function newObject(
  simulation: Simulation,
  input: z.output<typeof createSchema>,
  country: string,
  control: Control,
): Stripe.Account {
  const profile = input.defaults?.profile;
  const object = newAccountObject({
    id: newId('acct'),
    created: nowSeconds(simulation),
    email: input.contact_email ?? null,
    country,
    defaultCurrency: input.defaults?.currency ?? 'usd',
    // The types of `/v1` are the combinations that were there before `/v2`.
    type: control.dashboard === 'full' && control.losses === 'stripe' ? 'standard' : 'none',
    control,
    businessType: input.identity?.entity_type ?? null,
    businessName: profile?.doing_business_as ?? input.display_name ?? null,
    metadata: input.metadata,
  });
  if (object.settings) object.settings.dashboard.display_name = input.display_name ?? null;
  if (object.business_profile) object.business_profile.url = profile?.business_url ?? null;
  const isRequested = input.configuration?.merchant?.capabilities?.card_payments?.requested ?? false;
  object.capabilities = isRequested ? { card_payments: 'inactive' } : {};
  return object;
}

function retrieveAccount(call: ApiCall): object {
  const input = parseV2(retrieveSchema, call.params);
  return accountInV2(accountOfV2(call, call.path.id ?? ''), input.include);
}

export const accountV2Routes: Route[] = [
  ['POST', '/v2/core/accounts', createAccount],
  ['GET', '/v2/core/accounts/:id', retrieveAccount],
];
