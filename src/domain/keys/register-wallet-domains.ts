import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { walletDomainOf } from '../../core/origins.ts';
import { listPublicKeysInForce } from '../../db/api-keys.ts';
import type { Context } from '../context.ts';

const AT_ONCE = 6;
/** The caller waits no longer for a slow Stripe: hosts that are not begun by then are left to the next change of the key. */
const BEGIN_WITHIN_MS = 8_000;

/** `registerWalletDomains` for all public keys in force: for an account that became ready after its keys were made. */
export async function registerWalletsOfKeys(context: Context): Promise<void> {
  const keys = await listPublicKeysInForce(context.database, context.workspace.id);
  const account = context.account && { ...context.account, disconnectedAt: null };
  await registerWalletDomains(
    { ...context, account },
    keys.flatMap(({ allowedOrigins }) => allowedOrigins),
  );
}

/**
 * Registers the hosts of these origins, and that of our own frame, for Apple Pay and Google Pay on the connected account
 * (docs.stripe.com/payments/payment-methods/pmd-registration): a frame shows wallets only where both are registered. Wildcards
 * and localhost are left out. Never throws: a host that Stripe refuses is logged, and tried again when the key is changed.
 */
export async function registerWalletDomains(context: Context, origins: readonly string[]): Promise<void> {
  const { account, stripe } = context;
  const hosts = new Set(origins.flatMap((origin) => walletDomainOf(origin) ?? []));
  if (!account || account.disconnectedAt !== null || hosts.size === 0) return;
  // null where this service has no public host.
  const frameHost = walletDomainOf(new URL(context.publicUrl).origin);
  if (frameHost !== null) hosts.add(frameHost);
  const stopAt = context.now() + BEGIN_WITHIN_MS;
  await pMap(
    hosts,
    async (domain) => {
      try {
        if (context.now() >= stopAt) throw new Error('Stripe took too long for those before it.');
        await stripe.registerPaymentMethodDomain(account.stripeAccountId, domain);
      } catch (error) {
        logLine('warn', 'wallet domain not registered', { domain, error: describeError(error) });
      }
    },
    { concurrency: AT_ONCE },
  );
}
