import { describeError, logLine } from '../core/log.ts';
import { listReleased } from '../db/quarantine.ts';
import type { PlatformContext } from '../domain/context.ts';
import { applyReleased } from '../domain/stripe-events/apply-released.ts';
import { parseStripeEvent } from '../stripe/events.ts';

const AT_ONCE = 50;

/** Applies again what operators have released. What fails stays released and comes again in the next run. */
export async function releaseQuarantined(context: PlatformContext): Promise<void> {
  for (const released of await listReleased(context.database, AT_ONCE)) {
    const event = parseStripeEvent(released.body, released.stripeAccountId);
    await applyReleased(context, released, event).catch((error) =>
      logLine('error', 'released event not applied', { id: released.id, error: describeError(error) }),
    );
  }
}
