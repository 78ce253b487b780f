import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ScriptError } from '../local/script-error.ts';
import { ROOT } from '../local/settings.ts';

/** The developer's own Stripe account in test mode, in place of the simulator. */
export interface OwnStripe {
  readonly secretKey: string;
  readonly account: string;
}

export interface DevVars {
  /** null: the simulator. */
  readonly ownStripe: OwnStripe | null;
  /** What else of `.dev.vars` the Worker is given. */
  readonly passedOn: Readonly<Record<string, string>>;
}

/** Variables a developer may set for the Worker; all others are the script's own business. */
const PASSED_ON = ['REPORT_URL', 'OPERATOR_TOKEN'];
/** These belong to the developer's Stripe account: beside the simulator they mean nothing. */
const PASSED_ON_WITH_OWN_STRIPE = ['STRIPE_PUBLISHABLE_KEY_TEST', 'STRIPE_WEBHOOK_SECRET_TEST'];

const LIVE_KEY = /(^|[^a-z])[sr]k_live_/i;

/**
 * Reads what `.dev.vars` says. Throws ScriptError for a live key in any variable, and where only one of
 * STRIPE_SECRET_KEY_TEST and STRIPE_CONNECTED_ACCOUNT_TEST is set or malformed.
 */
export function parseDevVars(text: string): DevVars {
  const set = Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const live = set.find(([, value]) => LIVE_KEY.test(value));
  if (live) {
    throw new ScriptError(
      `.dev.vars: ${live[0]} holds a live Stripe key.\n  A local copy never works with real money: put a test key (sk_test_…) there.`,
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
      `.dev.vars: ${missing} is missing.\n  Stripe test mode takes both the key and the account: set ${missing}=${example}`,
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

/** What the repository's `.dev.vars` says; nothing where there is none. */
export function readDevVars(): DevVars {
  const path = join(ROOT, '.dev.vars');
  return parseDevVars(existsSync(path) ? readFileSync(path, 'utf8') : '');
}
