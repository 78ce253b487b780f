import type { Mode } from '../core/api-keys.ts';
import type { SecretsKeyring } from '../core/crypto.ts';
import type { ResultSigner } from '../core/result-signature.ts';
import type { AuditEntry } from '../db/audit-log.ts';
import type { Database } from '../db/client.ts';
import type { AccountOwner, ConnectedAccount, Workspace } from '../db/workspaces.ts';
import type { Gate, LinkPlaces } from '../objects/gate-client.ts';
import type { StripeGateway } from '../stripe/gateway.ts';

/** Who acts. `key`: a request with this secret key. `system`: this service itself, for example when it disables an endpoint. */
export type Actor =
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'buyer' | 'stripe' | 'cron' | 'operator' | 'system' };

/** When (unix ms) a delivery is to be attempted again. */
export interface NextWake {
  readonly deliveryId: string;
  readonly at: number;
}

/** What use cases take that do not act for one workspace: Stripe events, delivery runs, cron jobs, operators' commands. */
export interface PlatformContext {
  readonly database: Database;
  /** The shard character of the ids that are made here. */
  readonly shard: string;
  readonly actor: Actor;
  /** null outside of an HTTP request. */
  readonly requestId: string | null;
  /** Unix ms. */
  now(): number;
  /** Stripe in one mode. Throws `service_unavailable` where this mode is not set up. */
  stripeOf(mode: Mode): StripeGateway;
  /** The gate of a workspace: rate limit and idempotency keys. */
  gateOf(workspaceId: string): Gate;
  /** The gate of a payment link, by its token: visitors and places. */
  linkGate(token: string): LinkPlaces;
  /** Queues deliveries for their first attempt, now. Never throws: the sweep queues those whose message is lost. */
  wake(deliveryIds: readonly string[]): Promise<void>;
  /** Queues deliveries for a further attempt, each at its time, in another queue than first attempts. Never throws. */
  wakeLater(wakes: readonly NextWake[]): Promise<void>;
  /** The keys that encrypt stored secrets. */
  keyring(): Promise<SecretsKeyring>;
  /** Signs the results that buyers bring back to a merchant's page. */
  resultSigner(): Promise<ResultSigner>;
  /** Which URLs webhooks may go to, for `webhookUrlFault` (core/urls.ts). */
  readonly webhookUrlRules: { readonly allowLocal: boolean; readonly ownHosts: readonly string[] };
  /** Where this service is reached, without a trailing slash. */
  readonly publicUrl: string;
}

/** What use cases take that act for one workspace. */
export interface Context extends PlatformContext {
  readonly workspace: Workspace;
  /** null: no Stripe account is connected, or the payment in question was made on an earlier account. */
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

/** The context of a workspace by its id alone, for audit entries and events: without its account, Stripe and gate. */
export function withWorkspace<P extends PlatformContext>(platform: P, id: string): P & OfWorkspace {
  return { ...platform, workspace: { id } };
}

interface OfWorkspace {
  readonly workspace: Pick<Workspace, 'id'>;
}

/** The part of a context that composing an event needs. */
export type EventContext = Pick<PlatformContext, 'shard' | 'now'> & OfWorkspace;

type AuditContext = Pick<PlatformContext, 'actor' | 'requestId' | 'now'> & OfWorkspace;

/** The audit entry of a change in this context, by `key:<id>` or the actor's kind. `object`: the id of what is changed. */
export function auditOf(context: AuditContext, action: string, object: string): AuditEntry {
  const { actor, requestId, workspace } = context;
  const text = actor.kind === 'key' ? `key:${actor.id}` : actor.kind;
  return { workspaceId: workspace.id, at: context.now(), actor: text, action, object, requestId };
}
