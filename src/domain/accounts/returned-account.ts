import { describeError, logLine } from '../../core/log.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { readLimit } from '../read-limit.ts';
import { readAccountNow } from './read-account.ts';

/** How often in a minute one isolate reads the account of the same workspace, and all accounts, for this. */
const mayRead = readLimit<string>({ each: 30, all: 300 });

/** An account whose owner has come back from Stripe. */
export interface ReturnedAccount {
  /** null: none is connected, or Stripe gives no access to it. */
  readonly account: ConnectedAccount | null;
  /** False: Stripe gave no answer, or was not asked, so the account may stand otherwise by now. */
  readonly isConfirmed: boolean;
}

/**
 * Reads the workspace's account at Stripe, because its owner has come back from there, and stores what Stripe says. One
 * that was read often in the last minute is not read again.
 */
export async function readReturnedAccount(context: Context): Promise<ReturnedAccount> {
  const { account, requestId, workspace } = context;
  if (!mayRead(workspace.id, context.now())) return { account, isConfirmed: false };
  try {
    const current = await readAccountNow(context);
    return { account: current.isReachable ? current.account : null, isConfirmed: true };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    logLine('warn', 'account not read', {
      request_id: requestId,
      workspace: workspace.id,
      error: describeError(error),
    });
    return { account, isConfirmed: false };
  }
}
