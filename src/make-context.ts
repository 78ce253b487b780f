import type { Mode } from './core/api-keys.ts';
import { unavailable } from './core/errors.ts';
import { walletDomainOf } from './core/origins.ts';
import type { Database } from './db/client.ts';
import type { ConnectedAccount, Workspace } from './db/workspaces.ts';
import type { Context } from './domain/context.ts';
import type { StripeEventIntake } from './domain/stripe-events/take-event.ts';
import type { Bindings, Config } from './env.ts';
import { gateOf, linkGateOf } from './objects/gate-client.ts';
import { wakeDeliveries } from './queue/wake-deliveries.ts';
import { stripeGateway } from './stripe/client.ts';
import type { StripeGateway } from './stripe/gateway.ts';

const gateways = new WeakMap<Config, Map<Mode, StripeGateway>>();

/** Stripe as the platform of one mode, made once per configuration. Throws `service_unavailable` where it is not set up. */
export function stripeOf(config: Config, mode: Mode): StripeGateway {
  const credentials = config.stripe[mode];
  if (!credentials) throw unavailable(`This service is not set up for ${mode} payments.`);
  const made = gateways.get(config) ?? new Map<Mode, StripeGateway>();
  gateways.set(config, made);
  const gateway = made.get(mode) ?? stripeGateway(config.stripeApiBase, credentials.secretKey);
  made.set(mode, gateway);
  return gateway;
}

/** Where the doors meet the verbs: everything a verb may use, for one workspace and one actor. */
export function workspaceContext(
  env: Bindings,
  config: Config,
  of: {
    readonly database: Database;
    readonly shard: string;
    readonly workspace: Workspace;
    readonly account: ConnectedAccount | null;
    readonly actor: string;
    readonly requestId: string | null;
  },
): Context {
  return {
    ...of,
    stripe: stripeOf(config, of.workspace.mode),
    gate: gateOf(env.WORKSPACE_GATE, of.workspace.id),
    linkGate: (token) => linkGateOf(env.LINK_GATE, token),
    frameHost: walletDomainOf(new URL(config.publicUrl).origin),
    now: Date.now,
    wake: wakeDeliveries(env.DELIVERIES, of.requestId),
  };
}

/** Where a Stripe event, however it came, meets the workspace that it is about. */
export function stripeEventIntake(
  env: Bindings,
  config: Config,
  by: {
    readonly database: Database;
    readonly shard: string;
    readonly actor: string;
    readonly requestId: string | null;
  },
): StripeEventIntake {
  const contextFor: StripeEventIntake['contextFor'] = (owner) => workspaceContext(env, config, { ...by, ...owner });
  return { database: by.database, contextFor, now: Date.now };
}
