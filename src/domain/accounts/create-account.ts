import { operationIdOfForm } from '../../core/derive.ts';
import { ApiError, inputError, unavailable } from '../../core/errors.ts';
import { newOperationId } from '../../core/ids.ts';
import { type AccountCreation, beginCreation, endCreation } from '../../db/account-creations.ts';
import { findProfile } from '../../db/business-profiles.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';
import { attachAccount } from './attach-account.ts';
import { platformKeys } from './platform-key.ts';

interface NewAccount {
  /** ISO 3166-1 alpha-2, in upper case. */
  readonly country: string;
  readonly email: string;
  /** The account that the new one takes the place of. null: the workspace has none. */
  readonly replaces: string | null;
  /** True: Stripe gives no access to that account, whatever it could do when it was last read. */
  readonly isLost: boolean;
  /** The idempotency key of the request. null: it has none. */
  readonly requestKey: string | null;
}

/**
 * Makes an account at Stripe and connects it to the workspace. Repeatable: two requests at once, a retry of one that did
 * not hear Stripe's answer, and requests with the same idempotency key make one account, with the e-mail address of the
 * first. Returns the account's id. Throws `validation_failed` if Stripe opens no accounts for the country or the address,
 * `idempotency_key_conflict`, `stripe_error` and `service_unavailable`.
 */
export async function createAccount(context: Context, { requestKey, isLost, ...wanted }: NewAccount): Promise<string> {
  const { database, workspace, stripe, shard } = context;
  const profile = await findProfile(database, workspace.id);
  const creation = await beginCreation(database, {
    ...wanted,
    workspaceId: workspace.id,
    operationId:
      requestKey === null ? newOperationId(shard) : await operationIdOfForm(shard, requestKey, [workspace.id]),
    dashboard: context.connectDashboard,
    name: profile?.displayName ?? workspace.name,
    website: profile?.website ?? null,
    createdAt: context.now(),
  });
  if (!creation) throw unavailable('Another request has just connected an account. Send this request again.');
  if (creation.country !== wanted.country) throw countryFault(creation);
  const id = await askingStripe(() => createAtStripe(context, creation));
  const account = await askingStripe(() => stripe.retrieveAccount(id));
  await attachAccount(context, account, { inPlaceOf: wanted.replaces, isLost });
  await endCreation(database, creation);
  await platformKeys(context).recordAccount(workspace.mode);
  return id;
}

/** What Stripe refuses for good: no account was made, and none will be by this request. */
const REFUSED: readonly StripeFailure['kind'][] = ['account_refused', 'invalid_country', 'invalid_email'];

async function createAtStripe({ stripe, database }: Context, creation: AccountCreation): Promise<string> {
  try {
    return await stripe.createAccount({ ...creation, idempotencyKey: creation.operationId });
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    const isOtherBody = error.kind === 'idempotency_mismatch';
    if (isOtherBody || REFUSED.includes(error.kind)) await endCreation(database, creation);
    if (isOtherBody) throw otherBody();
    if (error.kind !== 'invalid_email') throw error;
    const problem = 'is not an e-mail address with which Stripe opens an account.';
    throw inputError([{ field: 'email', code: 'validation_failed', problem }]);
  }
}

function otherBody(): ApiError {
  const message =
    'This Idempotency-Key has made an account from another body, or your profile has changed since. Use a new key for a new account.';
  return new ApiError('idempotency_key_conflict', message);
}

function countryFault({ country }: AccountCreation) {
  const problem = `must be "${country}": an account for this country is being made. Send it again to go on.`;
  return inputError([{ field: 'country', code: 'validation_failed', problem }]);
}
