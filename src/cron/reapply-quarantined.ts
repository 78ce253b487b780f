import { describeError, logLine } from '../core/log.ts';
import { listReleased } from '../db/stripe-events.ts';
import type { PlatformContext } from '../domain/context.ts';
import { reapplyStripeEvent } from '../domain/stripe-events/reapply.ts';
import { parseStripeEvent } from '../stripe/events.ts';

const AT_ONCE = 50;

/** Handles again the quarantined Stripe events that operators have released. One that fails is tried again in the next run. */
export async function reapplyQuarantined(context: PlatformContext): Promise<void> {
  for (const quarantined of await listReleased(context.database, AT_ONCE)) {
    const event = parseStripeEvent(quarantined.body, quarantined.stripeAccountId);
    await reapplyStripeEvent(context, { quarantined, event }).catch((error) =>
      logLine('error', 'quarantined event not applied', { id: quarantined.id, error: describeError(error) }),
    );
  }
}
