import { parseSecretsKey } from '../../src/core/crypto.ts';
import { ApiError } from '../../src/core/errors.ts';
import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/client.ts';
import { findWorkspace } from '../../src/db/workspaces.ts';
import { type Actor, type Context, inWorkspace, type PlatformContext } from '../../src/domain/context.ts';

/** What a script may have besides the database. */
export interface ScriptMeans {
  readonly secretsKey?: string;
  /** The gateway to Stripe in a mode. */
  readonly stripeOf?: PlatformContext['stripeOf'];
  /** The address of the Worker. A script without it has none. */
  readonly publicUrl?: string;
}

/**
 * The context of use cases for scripts. Whatever needs a gate or anything else that the script does not have throws an
 * Error that says so. Deliveries are not queued: the cron of the Worker finds them within two minutes.
 */
export function databaseContext(database: Database, actor: Actor, means: ScriptMeans = {}): PlatformContext {
  const { secretsKey, stripeOf = () => NO_STRIPE, publicUrl = 'about:blank' } = means;
  return {
    database,
    shard: DEFAULT_SHARD,
    directory: database,
    databases: new Map([[DEFAULT_SHARD, database]]),
    actor,
    requestId: null,
    now: () => Date.now(),
    stripeOf,
    gateOf: () => GATE,
    linkGate: () => LINK_GATE,
    wake: async () => {},
    wakeLater: unavailable('The queue'),
    keyring: secretsKey === undefined ? unavailable('SECRETS_KEY') : () => parseSecretsKey(secretsKey),
    resultSigner: unavailable('SECRETS_KEY'),
    webhookUrlRules: { allowLocal: false, ownHosts: [] },
    publicUrl,
    // The cron deletes old entries, never a script.
    auditDays: Number.POSITIVE_INFINITY,
  };
}

/** The context of the workspace with this id. Throws `not_found`. */
export async function workspaceContext(platform: PlatformContext, id: string): Promise<Context> {
  const found = await findWorkspace(platform.database, id);
  if (!found) throw new ApiError('not_found', `No workspace has the id ${id}. See \`workspace list\`.`);
  return inWorkspace(platform, found);
}

function unavailable(what: string): () => never {
  return () => {
    throw new Error(`${what} is not available in a script.`);
  };
}

const noStripe = unavailable('Stripe');
/** The gateway of a script that never calls Stripe: every call throws an Error that says so. */
export const NO_STRIPE: Context['stripe'] = {
  createCheckoutSession: noStripe,
  retrieveCheckoutSession: noStripe,
  expireCheckoutSession: noStripe,
  findCheckoutSession: noStripe,
  listCheckoutSessions: noStripe,
  listEvents: noStripe,
  retrieveAccount: noStripe,
  retrievePlatformAccountId: noStripe,
  retrieveCharge: noStripe,
  retrieveRefund: noStripe,
  retrieveDispute: noStripe,
  listRefunds: noStripe,
  createRefund: noStripe,
  registerPaymentMethodDomain: noStripe,
};

const noGate = unavailable('A gate');
const GATE: Context['gate'] = {
  admit: noGate,
  finish: noGate,
  nextAttempt: noGate,
  recentRequests: noGate,
  lastUses: noGate,
  answered: noGate,
};
const LINK_GATE: ReturnType<PlatformContext['linkGate']> = {
  takePlace: noGate,
  keepPlaces: noGate,
  freeUnused: noGate,
  freeEnded: noGate,
  markPaid: noGate,
  freePaid: noGate,
};
