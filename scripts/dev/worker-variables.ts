import { join } from 'node:path';
import { writeFileAtomically } from '../local/files.ts';
import type { LocalSettings } from '../local/settings.ts';
import type { DevVars } from './dev-vars.ts';
import type { LocalSecrets } from './local-secrets.ts';

/** The Worker's variables. Other parts of a local copy also read those that are named here. */
export interface WorkerVariables extends Readonly<Record<string, string>> {
  readonly SECRETS_KEY: string;
  readonly STRIPE_WEBHOOK_SECRET_TEST: string;
  readonly STRIPE_WEBHOOK_SECRET_LIVE: string;
}

/** Variables that wrangler.toml may set for production, and that no local copy may take over. Empty counts as not set. */
const NOT_OF_PRODUCTION = {
  REPORT_URL: '',
  DOCS_URL: '',
  TURNSTILE_SITE_KEY: '',
  STRIPE_PUBLISHABLE_KEY_TEST: '',
  STRIPE_PUBLISHABLE_KEY_LIVE: '',
};

/** The Worker's configuration in a local copy: the simulator's keys, or the developer's own test key and no live key. */
export function workerVariables(
  settings: LocalSettings,
  secrets: LocalSecrets,
  { ownStripe, passedOn }: DevVars,
): WorkerVariables {
  const { test, live } = secrets.stripe;
  const stripe: Record<string, string> = ownStripe
    ? { STRIPE_SECRET_KEY_TEST: ownStripe.secretKey }
    : {
        STRIPE_API_BASE: `http://127.0.0.1:${settings.stripePort}`,
        STRIPE_SECRET_KEY_TEST: test.secretKey,
        STRIPE_SECRET_KEY_LIVE: live.secretKey,
        STRIPE_JS_URL: `${settings.stripeUrl}/stripe.js`,
        STRIPE_PUBLISHABLE_KEY_TEST: 'pk_test_simulated',
        STRIPE_PUBLISHABLE_KEY_LIVE: 'pk_live_simulated',
      };
  return {
    ...NOT_OF_PRODUCTION,
    PUBLIC_URL: settings.baseUrl,
    ALLOW_LOCAL_WEBHOOKS: 'true',
    SECRETS_KEY: secrets.secretsKey,
    OPERATOR_TOKEN: secrets.operatorToken,
    STRIPE_WEBHOOK_SECRET_TEST: test.webhookSecret,
    STRIPE_WEBHOOK_SECRET_LIVE: live.webhookSecret,
    ...stripe,
    ...passedOn,
  };
}

/** The name of the merchant app in a local copy, whatever wrangler.merchant-app.toml calls it. */
export const LOCAL_APP = 'merchant-app';

/** The path of the configuration with which wrangler runs the merchant app of a local copy. */
export function localAppConfigPath(stateDir: string): string {
  return join(stateDir, 'merchant-app.json');
}

/** Writes the variables to a file that only its owner can read. As arguments they would be in the list of processes. */
export function writeVariablesFile(stateDir: string, variables: WorkerVariables): string {
  const path = join(stateDir, 'worker.env');
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  writeFileAtomically(path, lines.join(''));
  return path;
}
