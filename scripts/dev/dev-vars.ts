import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { canCharge } from '../../src/core/account-state.ts';
import { plainAccount } from '../../src/domain/accounts/attach-account.ts';
import { stripeGateway } from '../../src/stripe/client.ts';
import { type StripeAccount, StripeFailure } from '../../src/stripe/gateway.ts';
import { ScriptError } from '../local/script-error.ts';
import { ROOT } from '../local/settings.ts';

/** Where Stripe's API is reached when the simulator is not used. */
export const STRIPE_URL = 'https://api.stripe.com';

/** The developer's own Stripe account in test mode, used instead of the simulator. */
export interface OwnStripe {
  readonly secretKey: string;
  readonly account: string;
}

export interface DevVars {
  /** null: the simulator is used. */
  readonly ownStripe: OwnStripe | null;
  /** The other variables of `.dev.vars` that the Worker is given. */
  readonly passedOn: Readonly<Record<string, string>>;
}

/** Variables that a developer may set for the Worker. The script sets all others itself. */
const PASSED_ON = ['REPORT_URL', 'DOCS_URL', 'OPERATOR_TOKEN'];
/** These belong to the developer's Stripe account and have no meaning for the simulator. */
const PASSED_ON_WITH_OWN_STRIPE = ['STRIPE_PUBLISHABLE_KEY_TEST', 'STRIPE_WEBHOOK_SECRET_TEST'];

const LIVE_KEY = /(^|[^a-z])[sr]k_live_/i;

/**
 * Reads the text of `.dev.vars`. Throws ScriptError for a live key in any variable, and if only one of
 * STRIPE_SECRET_KEY_TEST and STRIPE_CONNECTED_ACCOUNT_TEST is set, or one is malformed.
 */
export function parseDevVars(text: string): DevVars {
  const set = Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const live = set.find(([, value]) => LIVE_KEY.test(value));
  if (live) {
    throw new ScriptError(
      `.dev.vars: ${live[0]} contains a live Stripe key.\n  A local copy never uses real money: put a test key (sk_test_…) there.`,
    );
  }
  const ownStripe = ownStripeOf(new Map(set));
  const names = ownStripe ? [...PASSED_ON, ...PASSED_ON_WITH_OWN_STRIPE] : PASSED_ON;
  return { ownStripe, passedOn: Object.fromEntries(set.filter(([name]) => names.includes(name))) };
}

function ownStripeOf(variables: ReadonlyMap<string, string>): OwnStripe | null {
  const secretKey = variables.get('STRIPE_SECRET_KEY_TEST');
  const account = variables.get('STRIPE_CONNECTED_ACCOUNT_TEST');
  if (secretKey === undefined && account === undefined) return null;
  if (secretKey === undefined || account === undefined) {
    const [missing, example] =
      secretKey === undefined ? ['STRIPE_SECRET_KEY_TEST', 'sk_test_…'] : ['STRIPE_CONNECTED_ACCOUNT_TEST', 'acct_…'];
    throw new ScriptError(
      `.dev.vars: ${missing} is missing.\n  Stripe test mode needs both the key and the account: set ${missing}=${example}`,
    );
  }
  if (!/^[sr]k_test_\w+$/.test(secretKey)) {
    throw new ScriptError('.dev.vars: STRIPE_SECRET_KEY_TEST must be a test key of your Stripe platform: sk_test_….');
  }
  if (!/^acct_\w+$/.test(account)) {
    throw new ScriptError('.dev.vars: STRIPE_CONNECTED_ACCOUNT_TEST must be the id of a connected account: acct_….');
  }
  return { secretKey, account };
}

/** Reads the repository's `.dev.vars`. Without that file nothing is set. */
export function readDevVars(): DevVars {
  const path = join(ROOT, '.dev.vars');
  return parseDevVars(existsSync(path) ? readFileSync(path, 'utf8') : '');
}

/** What Stripe says about the developer's account. `fault`: why it takes no payments, or null. */
export interface OwnAccount {
  readonly account: StripeAccount;
  readonly fault: string | null;
}

/** Asks Stripe whether the developer's account can take payments. Without its word, the account counts as not ready. */
export async function readOwnAccount({ secretKey, account: id }: OwnStripe): Promise<OwnAccount> {
  try {
    const account = await stripeGateway(STRIPE_URL, secretKey).retrieveAccount(id);
    const isReady = canCharge({ ...account, disconnectedAt: null });
    return {
      account,
      fault: isReady ? null : `Stripe does not allow ${id} to take charges yet: finish its onboarding.`,
    };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return { account: plainAccount(id, false), fault: faultOf(error) };
  }
}

function faultOf({ kind, message }: StripeFailure): string {
  if (kind === 'unavailable') return 'Stripe cannot be reached. Payments fail until it can.';
  return `Stripe refuses STRIPE_SECRET_KEY_TEST with STRIPE_CONNECTED_ACCOUNT_TEST: ${message}`;
}
