import { parseSecretsKey } from '../../src/core/crypto.ts';
import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/client.ts';
import type { Actor, Context, PlatformContext } from '../../src/domain/context.ts';

/** What a script may have besides the database. */
export interface ScriptMeans {
  readonly secretsKey?: string;
  /** The gateway to Stripe in a mode. */
  readonly stripeOf?: PlatformContext['stripeOf'];
  /** The address of the Worker. A script without it has none. */
  readonly publicUrl?: string;
  /** The shard character of the database. Without it: that of the first shard. */
  readonly shard?: string;
  /** The databases of all shards. Without them: only this one. */
  readonly databases?: PlatformContext['databases'];
}

/**
 * The context of use cases for scripts. Whatever needs a gate or anything else that the script does not have throws an
 * Error that says so. Deliveries are not queued: the cron of the Worker finds them within two minutes.
 */
export function databaseContext(database: Database, actor: Actor, means: ScriptMeans = {}): PlatformContext {
  const { secretsKey, stripeOf = () => NO_STRIPE, publicUrl = 'about:blank', shard = DEFAULT_SHARD } = means;
  const databases = means.databases ?? new Map([[shard, database]]);
  return {
    database,
    shard,
    directory: databases.get(DEFAULT_SHARD) ?? database,
    databases,
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
    webhookUrlRules: { allowLocal: false, ownOrigins: [] },
    publicUrl,
    // The cron deletes old entries, never a script.
    auditDays: Number.POSITIVE_INFINITY,
    connectDashboard: 'express',
  };
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
  retrievePaymentMethod: noStripe,
  expireCheckoutSession: noStripe,
  findCheckoutSession: noStripe,
  listCheckoutSessions: noStripe,
  listEvents: noStripe,
  retrieveAccount: noStripe,
  createAccount: noStripe,
  createOnboardingLink: noStripe,
  createLoginLink: noStripe,
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
  updateLimit: noGate,
};
