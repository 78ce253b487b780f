import type { Mode } from '../../core/api-keys.ts';
import { describeError, logLine } from '../../core/log.ts';
import { findPlatformAccount, recordPlatformAccount } from '../../db/platform-accounts.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import type { PlatformContext } from '../context.ts';

/** What a run of a job knows about the platform's key of each mode. Each mode is looked at once. */
export interface PlatformKeys {
  /**
   * Records which account the platform's key belongs to, if none is recorded. To be called after Stripe has answered
   * for a connected account, so the key is the right one. Never throws: a failure is logged.
   */
  recordAccount(mode: Mode): Promise<void>;
  /**
   * True if the platform's key is proved good: it belongs to the account that was recorded. A key of another platform
   * gets the answer `account_invalid` for every connected account.
   */
  isProved(mode: Mode): Promise<boolean>;
}

/** Makes the `PlatformKeys` of one run. */
export function platformKeys(context: PlatformContext): PlatformKeys {
  const recorded = new Map<Mode, Promise<void>>();
  const proved = new Map<Mode, Promise<boolean>>();
  return {
    recordAccount: (mode) => once(recorded, mode, () => recordAccount(context, mode)),
    isProved: (mode) => once(proved, mode, () => proveKey(context, mode)),
  };
}

function once<T>(made: Map<Mode, Promise<T>>, mode: Mode, make: () => Promise<T>): Promise<T> {
  const result = made.get(mode) ?? make();
  made.set(mode, result);
  return result;
}

async function recordAccount(context: PlatformContext, mode: Mode): Promise<void> {
  const { directory } = context;
  try {
    if (await findPlatformAccount(directory, mode)) return;
    const stripeAccountId = await context.stripeOf(mode).retrievePlatformAccountId();
    await recordPlatformAccount(directory, { mode, stripeAccountId, recordedAt: context.now() });
  } catch (error) {
    logLine('warn', 'platform account not recorded', { mode, error: describeError(error) });
  }
}

async function proveKey(context: PlatformContext, mode: Mode): Promise<boolean> {
  const platform = await findPlatformAccount(context.directory, mode);
  if (!platform) return false;
  try {
    return (await context.stripeOf(mode).retrievePlatformAccountId()) === platform.stripeAccountId;
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    logLine('error', 'platform key not proved', { mode, error: describeError(error) });
    return false;
  }
}
