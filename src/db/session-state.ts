import { and, eq } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type PaymentView, paymentBySessionStatement, toPaymentView } from './payments.ts';
import { connectedAccounts } from './schema.ts';
import { type WebhookEndpoint, workspaceEndpointsStatement } from './webhook-endpoints.ts';
import { type AccountOwner, ownerByAccountStatement, toAccountOwner } from './workspaces.ts';

/** What settling a session has to know. */
export interface SessionState {
  /** The payment of the session, in whatever workspace it is: settlement compares. null: none is written. */
  readonly payment: PaymentView | null;
  /** Who is told. */
  readonly endpoints: readonly WebhookEndpoint[];
}

type PaymentRows = readonly Parameters<typeof toPaymentView>[0][];

function toState([row]: PaymentRows, endpoints: readonly WebhookEndpoint[]): SessionState {
  return { payment: row ? toPaymentView(row) : null, endpoints };
}

/** What is known of a Stripe session, and the workspace's endpoints, in one round trip. */
export async function readSessionState(
  database: Database,
  workspaceId: string,
  stripeSessionId: string,
): Promise<SessionState> {
  const [rows, endpoints] = await database.batch([
    paymentBySessionStatement(database, stripeSessionId),
    workspaceEndpointsStatement(database, workspaceId),
  ]);
  return toState(rows, endpoints);
}

/**
 * The same for a session that a Stripe account of one mode tells of, with the workspace that the account belongs to, still in
 * one round trip. null: it belongs to none. Not scoped: this finds the scope.
 */
export async function readSessionOfAccount(
  database: Database,
  told: { readonly account: string; readonly livemode: boolean; readonly stripeSessionId: string },
): Promise<{ readonly owner: AccountOwner; readonly state: SessionState } | null> {
  const { account, livemode, stripeSessionId } = told;
  const workspaceId = database
    .select({ id: connectedAccounts.workspaceId })
    .from(connectedAccounts)
    .where(and(eq(connectedAccounts.stripeAccountId, account), eq(connectedAccounts.livemode, livemode)));
  const [owners, rows, endpoints] = await database.batch([
    ownerByAccountStatement(database, account, livemode),
    paymentBySessionStatement(database, stripeSessionId),
    workspaceEndpointsStatement(database, workspaceId),
  ]);
  const owner = toAccountOwner(owners);
  return owner ? { owner, state: toState(rows, endpoints) } : null;
}
