import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import type { StripeAccount } from '../../src/stripe/gateway.ts';
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

const accountSchema = z.object({ charges_enabled: z.boolean(), details_submitted: z.boolean() });
const errorSchema = z.object({ error: z.object({ message: z.string() }) });

/** What Stripe says about the developer's account. `fault`: why it takes no payments, or null. */
export interface OwnAccount {
  readonly account: StripeAccount;
  readonly fault: string | null;
}

/** Asks Stripe whether the developer's account can take payments. Without its word, the account counts as not ready. */
export async function readOwnAccount({ secretKey, account: id }: OwnStripe): Promise<OwnAccount> {
  const notReady = (fault: string) => ({ account: { id, chargesEnabled: false, detailsSubmitted: false }, fault });
  try {
    const response = await fetch(`${STRIPE_URL}/v1/accounts/${id}`, {
      headers: { Authorization: `Bearer ${secretKey}` },
      signal: AbortSignal.timeout(5_000),
    });
    const answer: unknown = await response.json();
    if (!response.ok) return notReady(refusalOf(response.status, answer));
    const { charges_enabled: chargesEnabled, details_submitted: detailsSubmitted } = accountSchema.parse(answer);
    const fault = chargesEnabled ? null : `Stripe does not allow ${id} to take charges yet: finish its onboarding.`;
    return { account: { id, chargesEnabled, detailsSubmitted }, fault };
  } catch {
    return notReady('Stripe cannot be reached. Payments fail until it can.');
  }
}

function refusalOf(status: number, answer: unknown): string {
  const refused = errorSchema.safeParse(answer);
  const reason = refused.success ? refused.data.error.message : `it answered ${status}`;
  return `Stripe refuses STRIPE_SECRET_KEY_TEST with STRIPE_CONNECTED_ACCOUNT_TEST: ${reason}`;
}
