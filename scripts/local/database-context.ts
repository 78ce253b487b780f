import { parseSecretsKey } from '../../src/core/crypto.ts';
import { ApiError } from '../../src/core/errors.ts';
import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/client.ts';
import { findWorkspace } from '../../src/db/workspaces.ts';
import { type Actor, type Context, inWorkspace, type PlatformContext } from '../../src/domain/context.ts';

/**
 * The context of use cases for a command line, which has the database alone. What needs Stripe, a gate or a queue throws an
 * Error that says so; so does what needs the secrets, where `secretsKey` is null.
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
    wake: outOfReach('The queue'),
    wakeLater: outOfReach('The queue'),
    keyring: secretsKey === null ? outOfReach('SECRETS_KEY') : () => parseSecretsKey(secretsKey),
    resultSigner: outOfReach('SECRETS_KEY'),
    webhookUrlRules: { allowLocal: false, ownHosts: [] },
    // A command line is reached nowhere.
    publicUrl: 'about:blank',
  };
}

/** The context of a workspace by its id. Throws `not_found`. */
export async function workspaceContext(platform: PlatformContext, id: string): Promise<Context> {
  const found = await findWorkspace(platform.database, id);
  if (!found) throw new ApiError('not_found', `No workspace has the id ${id}. See \`workspace list\`.`);
  return inWorkspace(platform, found);
}

function outOfReach(what: string): () => never {
  return () => {
    throw new Error(`${what} is out of reach of a command line.`);
  };
}

const noStripe = outOfReach('Stripe');
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

const noGate = outOfReach('A gate');
const GATE: Context['gate'] = { admit: noGate, finish: noGate, nextAttempt: noGate, answered: noGate };
const LINK_GATE: ReturnType<PlatformContext['linkGate']> = {
  takePlace: noGate,
  keepPlaces: noGate,
  freeUnused: noGate,
  freeEnded: noGate,
  markPaid: noGate,
};
