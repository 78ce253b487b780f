import { countDropped } from '../../db/stripe-events.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import type { PlatformContext } from '../context.ts';

/**
 * True where an event is of the other mode than the one it came by (`livemode`): it is counted and dropped. Stripe sends
 * test events to live endpoints too.
 */
export async function dropOtherMode(context: PlatformContext, event: StripeEvent, livemode: boolean): Promise<boolean> {
  if (event.livemode === livemode) return false;
  const day = new Date(context.now()).toISOString().slice(0, 10);
  await countDropped(context.database, day, livemode ? 'test_event_on_live' : 'live_event_on_test');
  return true;
}
