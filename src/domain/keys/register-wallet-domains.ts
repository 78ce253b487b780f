import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { walletDomainOf } from '../../core/origins.ts';
import type { Context } from '../context.ts';

const AT_ONCE = 4;

/**
 * Registers the hosts of these origins, and our own frame's, for Apple Pay and Google Pay on the connected account
 * (docs.stripe.com/payments/payment-methods/pmd-registration): where a frame takes the payment, both must be. Wildcards and
 * localhost cannot be. Never throws: a host that Stripe does not take is in the log, and tried again by the next update.
 * `frameHost`: null where it is no public host.
 */
export async function registerWalletDomains(
  context: Context,
  origins: readonly string[],
  frameHost: string | null,
): Promise<void> {
  const { account } = context;
  const hosts = new Set(origins.flatMap((origin) => walletDomainOf(origin) ?? []));
  if (!account || account.disconnectedAt !== null || hosts.size === 0) return;
  if (frameHost !== null) hosts.add(frameHost);
  await pMap(
    hosts,
    async (domain) => {
      try {
        await context.stripe.registerPaymentMethodDomain(account.stripeAccountId, domain);
      } catch (error) {
        logLine('warn', 'wallet domain not registered', { domain, error: describeError(error) });
      }
    },
    { concurrency: AT_ONCE },
  );
}
