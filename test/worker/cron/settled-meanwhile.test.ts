import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { interruptedD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { openSession } from '../support/payments.ts';
import { reconcileOnly } from '../support/polling.ts';
import { deliverStripeEvents, pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('a session that is settled while the cron holds it as due', () => {
  it('is never read from Stripe again', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    passTime(5 * 60_000);
    // After the cron has read the list of due sessions, and before it writes the next check of this one, the Stripe event of the payment arrives.
    const database = interruptedD1(env, 2, async () => {
      vi.useRealTimers();
      await deliverStripeEvents(shop.account ?? '');
    });
    await reconcileOnly(database, shop.shard);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row).toMatchObject({ id: session.id, status: 'succeeded', next_check_at: null });
  });
});
