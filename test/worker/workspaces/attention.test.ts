import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { updateEndpoint } from '../../../src/domain/webhooks/endpoints/update-endpoint.ts';
import { DISABLED_REASONS } from '../../../src/domain/webhooks/stored-texts.ts';
import { readAttention } from '../../../src/domain/workspaces/attention.ts';
import { countingD1 } from '../support/counting.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { sendQuietly, settledSession } from '../support/merchant-events.ts';
import { heldEvents } from '../support/payments.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { control } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const attentionOf = async ({ workspace }: TestWorkspace) => await readAttention(await contextOf(workspace));

async function dispute(shop: TestWorkspace, intent: string): Promise<void> {
  await control('POST', `/payment_intents/${intent}/dispute`, {});
  await sendQuietly(await heldEvents(shop));
}

/** Disputes straight into the database, each of the same payment. */
async function seedDisputes(shop: TestWorkspace, paymentId: number, status: string, count: number): Promise<void> {
  await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
       INSERT INTO disputes (workspace_id, payment_id, stripe_dispute_id, status, amount_minor, currency, reason, state_as_of,
         created_at, updated_at)
       SELECT ?2, ?3, ?4 || n, ?5, 4999, 'GBP', 'fraudulent', 0, 0, 0 FROM numbers`,
    )
    .bind(count, shop.workspace.id, paymentId, `dp_${crypto.randomUUID()}`, status)
    .run();
}

describe('What needs attention', () => {
  it('is the account in a workspace that has nothing else yet', async () => {
    expect(await attentionOf(await newWorkspace({ account: 'none', webhook: false }))).toEqual({
      account: 'none',
      endpoints: [],
      disputes: [],
      hasMoreDisputes: false,
      hasEndpoints: false,
      hasLinks: false,
      hasPaid: false,
    });
  });

  it('is nothing where all is well', async () => {
    const shop = await newWorkspace();
    await shop.link();
    expect(await attentionOf(shop)).toEqual({
      account: 'ready',
      endpoints: [],
      disputes: [],
      hasMoreDisputes: false,
      hasEndpoints: true,
      hasLinks: true,
      hasPaid: false,
    });
  });

  it('is an endpoint that fails or was disabled, but none that the merchant has disabled', async () => {
    const [shop, stranger] = [await newWorkspace(), await newWorkspace({ webhook: false })];
    const failing = await addEndpointRow(shop, { failingSince: 5 });
    const gone = await addEndpointRow(shop, {
      status: 'disabled',
      disabledAt: 7,
      disabledReason: DISABLED_REASONS.gone,
    });
    const own = await addEndpointRow(shop, { failingSince: 5 });
    const unchanged = { url: undefined, events: undefined, description: undefined, metadata: undefined };
    await updateEndpoint(await contextOf(shop.workspace), { id: own.id, status: 'disabled', ...unchanged });
    await addEndpointRow(stranger, { failingSince: 5 });
    const { endpoints } = await attentionOf(shop);
    expect(new Set(endpoints.map(({ id }) => id))).toEqual(new Set([failing.id, gone.id]));
    expect(endpoints.find(({ id }) => id === gone.id)).toEqual({
      id: gone.id,
      url: gone.url,
      status: 'disabled',
      disabledReason: DISABLED_REASONS.gone,
      failingSince: null,
    });
  });

  it('is a dispute until it was answered or has ended', async () => {
    const shop = await newWorkspace();
    const { id, intent } = await settledSession(shop);
    await dispute(shop, intent);
    const [open, ...more] = (await attentionOf(shop)).disputes;
    expect(more).toEqual([]);
    expect(open).toMatchObject({ paymentId: id, amountMinor: 4999, currency: 'GBP', reason: expect.any(String) });
    for (const status of ['under_review', 'warning_needs_response', 'won']) {
      await shop.binding.prepare('UPDATE disputes SET status = ? WHERE payment_id = ?').bind(status, id).run();
      const { disputes } = await attentionOf(shop);
      expect([status, disputes.length]).toEqual([status, status === 'warning_needs_response' ? 1 : 0]);
    }
    expect((await attentionOf(await newWorkspace())).disputes).toEqual([]);
  });

  it('is read in one round trip, with as many rows for 600 disputes as for 60', async () => {
    const shop = await newWorkspace();
    const { id } = await settledSession(shop);
    await shop.link();
    const context = await contextOf(shop.workspace);
    const reads: number[] = [];
    for (const count of [60, 540]) {
      await seedDisputes(shop, id, 'needs_response', count / 2);
      await seedDisputes(shop, id, 'lost', count / 2);
      const noting = notingD1(env);
      const counting = countingD1(noting.bindings);
      const database = openDatabase(bindingOf(shop.shard, counting.bindings));
      const { disputes, hasMoreDisputes } = await readAttention({ ...context, database });
      expect([disputes.length, hasMoreDisputes, counting.counts.roundTrips]).toEqual([5, true, 1]);
      reads.push(await noting.rowsRead());
    }
    expect(reads[1]).toBe(reads[0]);
    expect(reads[0]).toBeLessThanOrEqual(20);
  });
});
