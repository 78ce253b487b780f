import * as z from 'zod';
import { SIMULATED } from '../support/simulated.ts';
import { ask } from './ask.ts';
import type { BenchCase } from './cases.ts';
import type { Target, World } from './world.ts';

const outbox = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

/** Which open sessions end, and how. */
interface Ending {
  readonly name: string;
  readonly made: 'by_api' | 'by_link';
  readonly outcome: 'paid' | 'expired';
}

/** What an ending means: the Stripe event that reports it, and the status that the payment gets. */
const ENDED = {
  paid: { event: 'checkout.session.completed', status: 'succeeded' },
  expired: { event: 'checkout.session.expired', status: 'expired' },
} as const;

/** Receives the Stripe events of all open sessions that were made in one way. */
export function settlementCase(world: World, target: Target, { name, made, outcome }: Ending): BenchCase {
  const { event, status } = ENDED[outcome];
  const those = `workspace_id = ? AND (payment_link_id IS NULL) = ${made === 'by_api' ? 1 : 0} AND status = ?`;
  const count = () => countRows(world, `payments WHERE ${those}`, target.workspaceId, status);
  let events: z.output<typeof outbox>['data'] = [];
  let before = 0;
  let settled = 0;
  return {
    name,
    bare: 'read',
    goals: { hops: 2 },
    parallel: true,
    prepare: async () => {
      before = await count();
      const query = world.database.prepare(`SELECT stripe_session_id AS id FROM payments WHERE ${those}`);
      const open = await query.bind(target.workspaceId, 'created').all<{ id: string }>();
      for (const { id } of open.results) await world.simulate('POST', `/_control/sessions/${id}/pay`, { outcome });
      const taken = outbox.parse(await world.simulate('GET', `/_control/outbox?account=${target.account}`));
      events = taken.data.filter(
        ({ url, body }) => url === SIMULATED.events.test.url && JSON.parse(body).type === event,
      );
    },
    next: () => {
      const next = events.pop();
      if (!next) return null;
      const { pathname } = new URL(next.url);
      return async () => {
        await ask(`${target.url}${pathname}`, { method: 'POST', headers: next.headers, body: next.body }, 200);
        settled += 1;
      };
    },
    verify: async () => expectEqual(name, before + settled, await count()),
  };
}

/** Delivers the waiting webhooks in batches of this size. */
export function deliveryCase(world: World, target: Target, { name, size }: { name: string; size: number }): BenchCase {
  const those = 'deliveries WHERE workspace_id = ? AND status = ?';
  const count = () => countRows(world, those, target.workspaceId, 'succeeded');
  let waiting: string[] = [];
  let before = 0;
  let delivered = 0;
  return {
    name,
    bare: 'read',
    parallel: false,
    prepare: async () => {
      before = await count();
      const query = world.database.prepare(`SELECT id FROM ${those}`);
      const rows = await query.bind(target.workspaceId, 'pending').all<{ id: string }>();
      waiting = rows.results.map(({ id }) => id);
    },
    next: () => {
      const ids = waiting.splice(0, size);
      if (ids.length < size) return null;
      return async () => {
        await ask(`${world.deliverUrl}/${target.name}`, { method: 'POST', body: JSON.stringify(ids) }, 200);
        delivered += ids.length;
      };
    },
    verify: async () => expectEqual(name, before + delivered, await count()),
  };
}

async function countRows(world: World, those: string, ...values: string[]): Promise<number> {
  const query = world.database.prepare(`SELECT count(*) AS count FROM ${those}`);
  return (await query.bind(...values).first<number>('count')) ?? 0;
}

function expectEqual(name: string, expected: number, found: number): void {
  if (found !== expected) throw new Error(`${name}: expected ${expected} rows that have ended, found ${found}.`);
}
