import type { Mode } from '../core/api-keys.ts';
import type { SecretsKeyring } from '../core/crypto.ts';
import type { ResultSigner } from '../core/result-signature.ts';
import type { AuditEntry } from '../db/audit-log.ts';
import type { Database } from '../db/client.ts';
import type { AccountOwner, ConnectedAccount, Workspace } from '../db/workspaces.ts';
import type { Gate, LinkPlaces } from '../objects/gate-client.ts';
import type { StripeGateway } from '../stripe/gateway.ts';

/** Who acts. `key`: a request with this secret key; `system`: this service by itself, for example when it disables an endpoint. */
export type Actor =
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'buyer' | 'stripe' | 'cron' | 'operator' | 'system' };

/** A delivery that has to be attempted again, and when (unix ms). */
export interface NextWake {
  readonly deliveryId: string;
  readonly at: number;
}

/** What every use case takes that is not of one workspace: Stripe events, delivery runs, cron jobs, operators' commands. */
export interface PlatformContext {
  readonly database: Database;
  /** The shard character of the ids that are made here. */
  readonly shard: string;
  readonly actor: Actor;
  /** null outside of an HTTP request. */
  readonly requestId: string | null;
  /** Unix ms. */
  now(): number;
  /** Stripe as the platform of one mode. Throws `service_unavailable` where this mode is not set up. */
  stripeOf(mode: Mode): StripeGateway;
  /** The gate of a workspace: rate limit and idempotency keys. */
  gateOf(workspaceId: string): Gate;
  /** The gate of a payment link, by its token: visitors and places. */
  linkGate(token: string): LinkPlaces;
  /** Has deliveries attempted at once. Never throws: the sweep wakes what a lost message has not. */
  wake(deliveryIds: readonly string[]): Promise<void>;
  /** Has deliveries attempted again, each at its time, beside the first attempts. Never throws. */
  wakeLater(wakes: readonly NextWake[]): Promise<void>;
  /** The keys that secrets at rest are encrypted under. */
  keyring(): Promise<SecretsKeyring>;
  /** Signs the results that buyers carry to a merchant's success_url. */
  resultSigner(): Promise<ResultSigner>;
  /** Which URLs webhooks may go to, for `webhookUrlFault` (core/urls.ts). */
  readonly webhookUrlRules: { readonly allowLocal: boolean; readonly ownHosts: readonly string[] };
  /** Where this service is reached, without a trailing slash. */
  readonly publicUrl: string;
}

/** What every use case of one workspace takes. */
export interface Context extends PlatformContext {
  readonly workspace: Workspace;
  /** null: no Stripe account is connected, or the payment in question was made on an earlier one. */
  readonly account: ConnectedAccount | null;
  /** Stripe in the workspace's mode. */
  readonly stripe: StripeGateway;
  readonly gate: Gate;
}

/** The context of one workspace. Throws `service_unavailable` where Stripe is not set up for its mode. */
export function inWorkspace(platform: PlatformContext, { workspace, account }: AccountOwner): Context {
  return {
    ...platform,
    workspace,
    account,
    stripe: platform.stripeOf(workspace.mode),
    gate: platform.gateOf(workspace.id),
  };
}

/** The part of a context that writing about a workspace needs: its id is enough. */
type About<Needs extends keyof PlatformContext> = Pick<PlatformContext, Needs> & {
  readonly workspace: Pick<Workspace, 'id'>;
};

/** What making an event of a workspace needs. */
export type EventContext = About<'shard' | 'now'>;

/** The audit entry of a change made in this context. `object`: the id of what is changed. */
export function auditOf(context: About<'actor' | 'requestId' | 'now'>, action: string, object: string): AuditEntry {
  const { actor, requestId, workspace } = context;
  return { workspaceId: workspace.id, at: context.now(), actor: actorText(actor), action, object, requestId };
}

/** An actor as the audit log has it: `key:<id>`, else its kind. */
function actorText(actor: Actor): string {
  return actor.kind === 'key' ? `key:${actor.id}` : actor.kind;
}
