import type { CRON_JOBS } from '../../../src/cron/jobs.ts';
import { accountOf } from '../support/api.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../support/events.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { openSession } from '../support/payments.ts';
import { bindingOf } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';
import { type Shop, timeOf } from './history.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

async function write(shop: Shop, query: string, ...values: unknown[]): Promise<void> {
  await bindingOf(shop.shard)
    .prepare(query)
    .bind(...values, shop.workspace.id)
    .run();
}

const NOTHING_TO_POLL = 'UPDATE connected_accounts SET next_stripe_events_read_at = NULL';

type JobName = (typeof CRON_JOBS)[number]['name'];

/** For each job of the cron: makes the work of one run, as much at any size of history. */
export const DUE_WORK: Readonly<Record<JobName, (shop: Shop) => Promise<void>>> = {
  sweep: async (shop) => {
    const events = await seedEvents(shop, 5);
    const nextAt = Date.now() - 10 * MINUTE;
    await seedDeliveries(shop, shop.endpointId, events, { status: 'pending', attempts: 0, nextAt });
  },
  'reapply-quarantined': async (shop) => {
    await bindingOf(shop.shard)
      .prepare(
        `INSERT INTO quarantined_stripe_events (id, stripe_account_id, livemode, type, reason, body, received_at, released_at)
       VALUES (?, ?, 0, 'charge.refunded', 'unknown_account', '{}', ?, ?)`,
      )
      .bind(`evt_${crypto.randomUUID()}`, accountOf(shop.account), Date.now(), Date.now())
      .run();
  },
  // Of another workspace: the shop's account has had more events by the second time.
  'poll-stripe-events': async (shop) => {
    await bindingOf(shop.shard).exec(NOTHING_TO_POLL);
    const busy = await newWorkspace({ shard: shop.shard });
    const { stripe_session_id: session } = await openSession(busy);
    await pay(session, 'paid');
  },
  // It looks at the accounts that there are.
  'restore-entries': async () => undefined,
  reconcile: async (shop) => {
    const { id } = await openSession(shop);
    await write(shop, 'UPDATE payments SET next_check_at = 0 WHERE id = ? AND workspace_id = ?', id);
  },
  'queue-missed-events': async (shop) => {
    await addEndpointRow(shop, { disabledAt: timeOf(shop, 20) });
  },
  'reseal-secrets': async (shop) => {
    await addEndpointRow(shop);
  },
  prune: async (shop) => {
    const events = await seedEvents(shop, 20, { at: Date.now() - 31 * DAY });
    await seedDeliveries(shop, shop.endpointId, events, { status: 'succeeded' });
    // Events are deleted in the order in which they were written: these are the first.
    const before = Date.now() - 30 * DAY;
    await write(
      shop,
      'UPDATE events SET rowid = -rowid WHERE created_at < ? AND rowid > 0 AND workspace_id = ?',
      before,
    );
    await seedPayments(shop, 20, { status: 'expired', createdAt: Date.now() - 91 * DAY });
  },
};

/** Leaves of what a measurement has made only what is history, so that the next one finds as much as this one. */
export async function tidy(shop: Shop): Promise<void> {
  await write(shop, 'DELETE FROM webhook_endpoints WHERE id <> ? AND workspace_id = ?', shop.endpointId);
  await write(shop, "DELETE FROM api_keys WHERE kind = 'public' AND workspace_id = ?");
  await write(
    shop,
    `UPDATE deliveries SET status = 'succeeded', next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL AND workspace_id = ?`,
  );
  await write(shop, 'UPDATE payments SET next_check_at = NULL WHERE next_check_at IS NOT NULL AND workspace_id = ?');
  await bindingOf(shop.shard).exec(NOTHING_TO_POLL);
  await write(shop, 'DELETE FROM audit_log WHERE at > ? AND workspace_id = ?', shop.endsAt);
  await write(shop, 'DELETE FROM payment_links WHERE id <> ? AND workspace_id = ?', shop.hotLink.id);
  await bindingOf(shop.shard).exec('DELETE FROM quarantined_stripe_events');
}
