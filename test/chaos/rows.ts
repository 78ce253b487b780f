import * as z from 'zod';
import type { Database } from '../../src/db/client.ts';
import { deliveries, events, payments, refunds } from '../../src/db/schema.ts';

export const rowsSchema = z.object({
  payments: z.array(
    z.object({
      id: z.int(),
      stripeSessionId: z.string(),
      status: z.string(),
      amountMinor: z.int(),
      currency: z.string(),
    }),
  ),
  refunds: z.array(z.object({ stripeRefundId: z.string(), status: z.string(), amountMinor: z.int() })),
  events: z.array(z.object({ body: z.string() })),
  deliveries: z.array(z.object({ id: z.string(), status: z.string() })),
});

/** What a run is judged by from the Worker's database. */
export type Rows = z.output<typeof rowsSchema>;

/** Reads the rows of all workspaces. */
export async function readRows(database: Database): Promise<Rows> {
  const [paymentRows, refundRows, eventRows, deliveryRows] = await database.batch([
    database.select().from(payments),
    database.select().from(refunds),
    database.select().from(events),
    database.select().from(deliveries),
  ]);
  return rowsSchema.parse({
    payments: paymentRows,
    refunds: refundRows,
    events: eventRows,
    deliveries: deliveryRows,
  });
}
