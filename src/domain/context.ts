import type { Mode } from '../core/api-keys.ts';
import type { AuditAction } from '../core/audit-actions.ts';
import type { SecretsKeyring } from '../core/crypto.ts';
import { unavailable } from '../core/errors.ts';
import type { ResultSigner } from '../core/result-signature.ts';
import type { AuditEntry } from '../db/audit-log.ts';
import type { Database } from '../db/client.ts';
import type { AccountOwner, ConnectedAccount, Workspace } from '../db/workspaces.ts';
import type { Gate, LinkPlaces } from '../objects/gate-client.ts';
import type { StripeGateway } from '../stripe/gateway.ts';
import type { Budget } from './budget.ts';

/**
 * Who acts. `key`: a request with the secret key `id`. `person`: somebody signed in to the merchant app, from this IP
 * address (null: not known). `system`: this service, for example to disable an endpoint.
 */
export type Actor =
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'person'; readonly id: string; readonly address: string | null }
  | { readonly kind: 'buyer' | 'stripe' | 'cron' | 'operator' | 'system' };

/** The time `at` (unix ms) at which a delivery is to be attempted again. */
export interface NextWake {
  readonly deliveryId: string;
  readonly at: number;
}

/** The context of use cases for several workspaces: Stripe events, delivery runs, cron jobs, operators' commands. */
export interface PlatformContext {
  /** The database of one shard. `inShard` gives the context of another one. */
  readonly database: Database;
  /** The character of that shard, which is in every id that is made with this context. */
  readonly shard: string;
  /** The database of the first shard. It has the account directory, and what is true of the whole platform. */
  readonly directory: Database;
  /** The databases of all shards by the shard's character, the first shard first. */
  readonly databases: ReadonlyMap<string, Database>;
  readonly actor: Actor;
  /** The id of the HTTP request; null outside of a request. */
  readonly requestId: string | null;
  /** The current time, unix ms. */
  now(): number;
  /** The gateway to Stripe in a mode. Throws `service_unavailable` if Stripe is not set up for this mode. */
  stripeOf(mode: Mode): StripeGateway;
  /** The gate of a workspace: the Durable Object for its rate limit and its idempotency keys. */
  gateOf(workspaceId: string): Gate;
  /** The gate of the payment link with this token: the Durable Object that limits visitors and holds places. */
  linkGate(token: string): LinkPlaces;
  /** Queues deliveries for an attempt now. Never throws: `sweepDeliveries` later queues those whose message is lost. */
  wake(deliveryIds: readonly string[]): Promise<void>;
  /** Queues deliveries for another attempt, each at its own time, in a separate queue for retries. Never throws. */
  wakeLater(wakes: readonly NextWake[]): Promise<void>;
  /** The keys that encrypt secrets in the database. */
  keyring(): Promise<SecretsKeyring>;
  /** Signs the payment result in the URL with which a buyer returns to a merchant's page. */
  resultSigner(): Promise<ResultSigner>;
  /** The rules for webhook URLs that `webhookUrlFault` (core/urls.ts) checks. */
  readonly webhookUrlRules: { readonly allowLocal: boolean; readonly ownOrigins: readonly string[] };
  /** Which dashboard of Stripe's the accounts have that are made here. */
  readonly connectDashboard: 'express' | 'full';
  /** How long the audit log is kept, in days. */
  readonly auditDays: number;
  /** The base URL of this service, without a trailing slash. */
  readonly publicUrl: string;
}

/** The context of one run of a cron job. Its database and its gateways to Stripe count against `budget`. */
export interface JobContext extends PlatformContext {
  readonly budget: Budget;
}

/** How many connections Cloudflare allows at the same time: those of the crons of all shards are counted together. */
const CONNECTIONS = 6;

/** How many accounts a job of one shard works on at the same time: its part of `CONNECTIONS`, but at least 1. */
export function inFlightOf({ databases }: Pick<JobContext, 'databases'>): number {
  return Math.max(1, Math.floor(CONNECTIONS / databases.size));
}

/** The context of use cases that act for one workspace. */
export interface Context extends PlatformContext {
  readonly workspace: Workspace;
  /** The workspace's Stripe account. null: none was ever connected, or this context is for an earlier account. */
  readonly account: ConnectedAccount | null;
  /** The gateway to Stripe in the workspace's mode. */
  readonly stripe: StripeGateway;
  readonly gate: Gate;
}

/** The same context in another shard. Throws `service_unavailable` if no database is bound for it. */
export function inShard<P extends PlatformContext>(platform: P, shard: string): P {
  const database = platform.databases.get(shard);
  if (!database) throw unavailable(`No database is bound for the shard ${shard}.`);
  return { ...platform, database, shard };
}

/** The context of one workspace. Throws `service_unavailable` if Stripe is not set up for the workspace's mode. */
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

/** The members of a context that `composeEvent` needs. */
export type EventContext = Pick<PlatformContext, 'shard' | 'now'> & OfWorkspace;

type AuditContext = Pick<PlatformContext, 'shard' | 'actor' | 'requestId' | 'now'> & OfWorkspace;

/**
 * The audit entry for `action`, done by `key:<id>`, `person:<id>` or the actor's kind. `object`: the id of what was
 * changed.
 */
export function auditOf(context: AuditContext, action: AuditAction, object: string): AuditEntry {
  const { shard, actor, requestId, workspace } = context;
  const text = 'id' in actor ? `${actor.kind}:${actor.id}` : actor.kind;
  const address = actor.kind === 'person' ? actor.address : null;
  return { shard, workspaceId: workspace.id, at: context.now(), actor: text, action, object, requestId, address };
}
