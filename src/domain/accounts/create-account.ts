import { inputError, unavailable } from '../../core/errors.ts';
import { newOperationId } from '../../core/ids.ts';
import { type AccountCreation, beginCreation, endCreation } from '../../db/account-creations.ts';
import { findProfile } from '../../db/business-profiles.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';
import { attachAccount } from './attach-account.ts';

interface NewAccount {
  /** ISO 3166-1 alpha-2, in upper case. */
  readonly country: string;
  readonly email: string;
  /** The account that the new one takes the place of. null: the workspace has none. */
  readonly replaces: string | null;
}

/**
 * Makes an account at Stripe and connects it to the workspace. Repeatable: two requests at once, or a retry of one that
 * did not hear Stripe's answer, make one account, with the e-mail address of the first. Returns the account's id. Throws
 * `validation_failed` if Stripe opens no accounts for the country or the address, `stripe_error` and `service_unavailable`.
 */
export async function createAccount(context: Context, wanted: NewAccount): Promise<string> {
  const { database, workspace, stripe } = context;
  const profile = await findProfile(database, workspace.id);
  const creation = await beginCreation(database, {
    ...wanted,
    workspaceId: workspace.id,
    operationId: newOperationId(context.shard),
    name: profile?.displayName ?? workspace.name,
    website: profile?.website ?? null,
    createdAt: context.now(),
  });
  if (!creation) throw unavailable('Another request has just connected an account. Send this request again.');
  if (creation.country !== wanted.country) throw countryFault(creation);
  const id = await askingStripe(() => createAtStripe(context, creation));
  await attachAccount(context, await askingStripe(() => stripe.retrieveAccount(id)));
  await endCreation(database, creation);
  return id;
}

async function createAtStripe(
  { stripe, connectDashboard, database }: Context,
  creation: AccountCreation,
): Promise<string> {
  try {
    return await stripe.createAccount({
      ...creation,
      idempotencyKey: creation.operationId,
      dashboard: connectDashboard,
    });
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.mayHaveHappened) throw error;
    await endCreation(database, creation);
    if (error.kind !== 'invalid_email') throw error;
    const problem = 'is not an e-mail address that Stripe accepts.';
    throw inputError([{ field: 'email', code: 'validation_failed', problem }]);
  }
}

function countryFault({ country }: AccountCreation) {
  const problem = `must be "${country}": an account for this country is being made. Send it again to go on.`;
  return inputError([{ field: 'country', code: 'validation_failed', problem }]);
}
