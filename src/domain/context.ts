import type { Database } from '../db/client.ts';
import type { ConnectedAccount, Workspace } from '../db/workspaces.ts';
import type { Gate, LinkPlaces } from '../objects/gate-client.ts';
import type { StripeGateway } from '../stripe/gateway.ts';

/** What a verb may use. One workspace, one mode, one moment. */
export interface Context {
  readonly database: Database;
  readonly shard: string;
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
  readonly stripe: StripeGateway;
  readonly gate: Gate;
  /** The gate of a link by its token: visitors and places. */
  readonly linkGate: (token: string) => LinkPlaces;
  /** Of our own frame; null where that is no public host. */
  readonly frameHost: string | null;
  /** Unix ms. */
  readonly now: () => number;
  /** Who acts, for the audit log: `key:<id>`, `stripe`, `cron`. */
  readonly actor: string;
  readonly requestId: string | null;
  /** Sends deliveries on their way. Never throws: a lost wake-up call is healed by the sweep. */
  readonly wake: (deliveryIds: readonly string[]) => Promise<void>;
}

/** The audit entry of a change made in this context. */
export function auditOf(context: Context, action: string, object: string) {
  return {
    workspaceId: context.workspace.id,
    at: context.now(),
    actor: context.actor,
    action,
    object,
    requestId: context.requestId,
  };
}
