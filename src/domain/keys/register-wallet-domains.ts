import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { walletDomainOf } from '../../core/origins.ts';
import { listPublicKeysInForce } from '../../db/api-keys.ts';
import type { Context } from '../context.ts';

const AT_ONCE = 6;
/** No registration begins after this time (ms), so that the caller does not wait long for a slow Stripe. */
const BEGIN_WITHIN_MS = 8_000;

/** Calls `registerWalletDomains` for all public keys in force, for an account that has become ready to charge. */
export async function registerWalletsOfKeys(context: Context): Promise<void> {
  const keys = await listPublicKeysInForce(context.database, context.workspace.id);
  const account = context.account && { ...context.account, disconnectedAt: null };
  await registerWalletDomains(
    { ...context, account },
    keys.flatMap(({ allowedOrigins }) => allowedOrigins),
  );
}

/**
 * Registers the hosts of these origins and of our frame for Apple Pay and Google Pay on the connected account
 * (docs.stripe.com/payments/payment-methods/pmd-registration): wallets appear in a frame only if its host and the
 * page's are registered. Skips wildcards and localhost. Never throws: failed hosts are logged and tried again when the
 * key changes.
 */
export async function registerWalletDomains(context: Context, origins: readonly string[]): Promise<void> {
  const { account, stripe } = context;
  const hosts = new Set(origins.flatMap((origin) => walletDomainOf(origin) ?? []));
  if (!account || account.disconnectedAt !== null || hosts.size === 0) return;
  // null if this service has no public host, for example on localhost.
  const frameHost = walletDomainOf(new URL(context.publicUrl).origin);
  if (frameHost !== null) hosts.add(frameHost);
  const stopAt = context.now() + BEGIN_WITHIN_MS;
  await pMap(
    hosts,
    async (domain) => {
      try {
        if (context.now() >= stopAt) throw new Error('Stripe took too long for those before it.');
        const fault = await stripe.registerPaymentMethodDomain(account.stripeAccountId, domain);
        if (fault !== null) throw new Error(fault);
      } catch (error) {
        logLine('warn', 'wallet domain not registered', { domain, error: describeError(error) });
      }
    },
    { concurrency: AT_ONCE },
  );
}
