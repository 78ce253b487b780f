import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { walletDomainOf } from '../../core/origins.ts';
import { listPublicKeysInForce } from '../../db/api-keys.ts';
import type { Context } from '../context.ts';

const AT_ONCE = 6;
/** A slow Stripe holds the caller up no longer: what is not begun by then is left to the next try. */
const BEGIN_WITHIN_MS = 8_000;

/** The same for the pages of every public key in force: for an account that has become ready after its keys were made. */
export async function registerWalletsOfKeys(context: Context): Promise<void> {
  const keys = await listPublicKeysInForce(context.database, context.workspace.id);
  const account = context.account && { ...context.account, disconnectedAt: null };
  await registerWalletDomains(
    { ...context, account },
    keys.flatMap(({ allowedOrigins }) => allowedOrigins),
  );
}

/**
 * Registers the hosts of these origins, and our own frame's, for Apple Pay and Google Pay on the connected account
 * (docs.stripe.com/payments/payment-methods/pmd-registration): where a frame takes the payment, both must be. Wildcards and
 * localhost cannot be. Never throws: a host that Stripe does not take is in the log, and tried again by the next update.
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
