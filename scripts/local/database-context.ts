import { parseSecretsKey } from '../../src/core/crypto.ts';
import { ApiError } from '../../src/core/errors.ts';
import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/client.ts';
import { findWorkspace } from '../../src/db/workspaces.ts';
import { type Actor, type Context, inWorkspace, type PlatformContext } from '../../src/domain/context.ts';

/**
 * The context of use cases for scripts, which have only the database. Whatever needs Stripe, a gate or a queue throws an Error
 * that says so. If `secretsKey` is null, so does whatever needs the secrets.
 */
export function databaseContext(database: Database, actor: Actor, secretsKey: string | null = null): PlatformContext {
  return {
    database,
    shard: DEFAULT_SHARD,
    actor,
    requestId: null,
    now: () => Date.now(),
    stripeOf: () => STRIPE,
    gateOf: () => GATE,
    linkGate: () => LINK_GATE,
    wake: unavailable('The queue'),
    wakeLater: unavailable('The queue'),
    keyring: secretsKey === null ? unavailable('SECRETS_KEY') : () => parseSecretsKey(secretsKey),
    resultSigner: unavailable('SECRETS_KEY'),
    webhookUrlRules: { allowLocal: false, ownHosts: [] },
    // A script has no address.
    publicUrl: 'about:blank',
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
const STRIPE: Context['stripe'] = {
  createCheckoutSession: noStripe,
  retrieveCheckoutSession: noStripe,
  expireCheckoutSession: noStripe,
  findCheckoutSession: noStripe,
  listCheckoutSessions: noStripe,
  listEvents: noStripe,
  retrieveAccount: noStripe,
  listRefunds: noStripe,
  createRefund: noStripe,
  registerPaymentMethodDomain: noStripe,
};

const noGate = unavailable('A gate');
const GATE: Context['gate'] = { admit: noGate, finish: noGate, nextAttempt: noGate, answered: noGate };
const LINK_GATE: ReturnType<PlatformContext['linkGate']> = {
  takePlace: noGate,
  keepPlaces: noGate,
  freeUnused: noGate,
  freeEnded: noGate,
  markPaid: noGate,
};
