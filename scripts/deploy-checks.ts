import { isLoopbackUrl } from '../src/core/urls.ts';

/** The part of wrangler.toml that a deployment depends on. */
export interface Deployment {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly databaseIds: readonly string[];
}

const PLACEHOLDER_ID = /^0{8}-/;

/** The faults that prevent a deployment, each with what to do about it. Empty: nothing prevents it. */
export function deploymentFaults({ vars, databaseIds }: Deployment): string[] {
  const faults: string[] = [];
  const publicUrl = typeof vars.PUBLIC_URL === 'string' ? vars.PUBLIC_URL : '';
  if (!publicUrl.startsWith('https://')) {
    faults.push('PUBLIC_URL: set your https address under [vars] in wrangler.toml.');
  }
  if (String(vars.ALLOW_LOCAL_WEBHOOKS) === 'true' && !isLoopbackUrl(publicUrl)) {
    faults.push('ALLOW_LOCAL_WEBHOOKS: remove it. It is only for a PUBLIC_URL on localhost.');
  }
  if (databaseIds.length === 0 || databaseIds.some((id) => PLACEHOLDER_ID.test(id))) {
    faults.push('database_id: run `npx wrangler d1 create softsolz-payments` and put its id into wrangler.toml.');
  }
  for (const secret of ['SECRETS_KEY', 'OPERATOR_TOKEN', 'STRIPE_SECRET_KEY_LIVE', 'STRIPE_SECRET_KEY_TEST']) {
    if (secret in vars)
      faults.push(`${secret}: remove it from wrangler.toml. Use \`npx wrangler secret put ${secret}\`.`);
  }
  return faults;
}
