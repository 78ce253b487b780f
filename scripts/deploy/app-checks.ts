import { readEmail } from '../../src/core/email.ts';
import { isLoopbackUrl } from '../../src/core/urls.ts';
import type { WorkerConfig } from './worker-config.ts';

/** The configuration of the merchant app, beside wrangler.toml. */
export const APP_TOML = 'wrangler.merchant-app.toml';

/** What wrangler.merchant-app.toml says about one environment, as far as a deployment depends on it. */
export interface AppConfig {
  /** The name of the Worker at Cloudflare. */
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** The id of the database that is bound as DB. null: none is. */
  readonly databaseId: string | null;
  /** Whether mails can be sent. */
  readonly hasMail: boolean;
}

/** The merchant app that is to be deployed, with the API of the same environment. */
export interface AppDeployment {
  /** The environment; null for the top level, which is production. */
  readonly environment: string | null;
  readonly app: AppConfig;
  readonly api: WorkerConfig;
  /** The name of the merchant app at the top level. null: production has none. */
  readonly productionName: string | null;
}

/** The faults that prevent a deployment of the merchant app, each with what to do about it. Empty: nothing prevents it. */
export function appFaults({ environment, app, api, productionName }: AppDeployment): string[] {
  const section = environment === null ? '[vars]' : `[env.${environment}.vars]`;
  const option = environment === null ? '' : ` --env ${environment}`;
  const { APP_URL: url, MAIL_FROM: from, SIGN_UP: signUp } = app.vars;
  const databaseId = api.databases.find(({ binding }) => binding === 'DB')?.id;
  const faults: string[] = [];
  if (!isPublicOrigin(url))
    faults.push(`APP_URL: set an https address without a path under ${section} in ${APP_TOML}.`);
  if (typeof from !== 'string' || readEmail(from) !== from) {
    faults.push(`MAIL_FROM: set the address that mails are sent from under ${section} in ${APP_TOML}.`);
  }
  if (signUp !== undefined && signUp !== 'open' && signUp !== 'invitation') {
    faults.push(`SIGN_UP: it must be invitation or open, in ${APP_TOML}.`);
  }
  if ('AUTH_SECRET' in app.vars) {
    const command = `npx wrangler secret put AUTH_SECRET --config ${APP_TOML}${option}`;
    faults.push(`AUTH_SECRET: it is a secret, not a variable. Use \`${command}\`.`);
  }
  if (!app.hasMail) faults.push(`MAIL: ${APP_TOML} must have a [[send_email]] with this name.`);
  if (app.databaseId !== databaseId) {
    faults.push(`DB in ${APP_TOML} must have the database_id that DB has in wrangler.toml, ${databaseId}.`);
  }
  if (app.name === api.name || (environment !== null && app.name === productionName)) {
    faults.push(`${app.name}: another Worker has this name. Give the merchant app its own in ${APP_TOML}.`);
  }
  return faults;
}

function isPublicOrigin(url: unknown): boolean {
  if (typeof url !== 'string' || !url.startsWith('https://') || !URL.canParse(url)) return false;
  return new URL(url).origin === url && !isLoopbackUrl(url);
}
