import { ApiError } from '../../core/errors.ts';
import { type StripeAccount, StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { attachAccount, plainAccount } from './attach-account.ts';

/** A connected account. `isConfirmed` false: Stripe has not said what the account can do, so it counts as not ready. */
export interface ConnectedNow extends StripeAccount {
  readonly isConfirmed: boolean;
}

/**
 * Reads a Stripe account at Stripe and connects it to the workspace, in place of the account before. Without an answer
 * from Stripe the account counts as not ready, until the cron reads it. Throws `validation_failed` if the platform has
 * no access to the account, or another workspace of the mode has it, and `stripe_error` if Stripe refuses our key.
 */
export async function connectAccount(context: Context, id: string): Promise<ConnectedNow> {
  const account = await readAccount(context, id);
  await attachAccount(context, account);
  return account;
}

async function readAccount({ stripe, workspace }: Context, id: string): Promise<ConnectedNow> {
  try {
    return { ...(await stripe.retrieveAccount(id)), isConfirmed: true };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    if (error.kind === 'unavailable' || error.kind === 'rate_limited') {
      return { ...plainAccount(id, false), isConfirmed: false };
    }
    if (error.kind === 'account_lost' || error.kind === 'not_found') {
      const message = `${id} is not connected to the platform in ${workspace.mode} mode. Stripe says: ${error.message}`;
      throw new ApiError('validation_failed', message, { cause: error });
    }
    const message = `Stripe refuses to show ${id} to the platform's key. Stripe says: ${error.message}`;
    throw new ApiError('stripe_error', message, { cause: error });
  }
}
