import * as z from 'zod';

/** What a run is judged by from all databases of the Worker, of all workspaces. `workers/keeper.js` reads it. */
export const rowsSchema = z.object({
  payments: z.array(
    z.object({
      workspaceId: z.string(),
      id: z.int(),
      stripeSessionId: z.string(),
      status: z.string(),
      amountMinor: z.int(),
      currency: z.string(),
    }),
  ),
  refunds: z.array(z.object({ stripeRefundId: z.string(), status: z.string(), amountMinor: z.int() })),
  events: z.array(z.object({ workspaceId: z.string(), body: z.string() })),
  deliveries: z.array(z.object({ id: z.string(), status: z.string() })),
  /** Each workspace with the binding of a database in which it has rows. */
  places: z.array(z.object({ workspaceId: z.string(), database: z.string() })),
});

export type Rows = z.output<typeof rowsSchema>;
