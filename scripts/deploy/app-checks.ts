import { readEmail } from '../../src/core/email.ts';
import { isLoopbackUrl } from '../../src/core/urls.ts';
import { inheritedFaults, SECRETS } from './checks.ts';
import type { BoundDatabase, BoundObject, BoundQueue, NamedWorker, WorkerConfig } from './worker-config.ts';

/** The configuration of the merchant app, beside wrangler.toml. */
export const APP_TOML = 'wrangler.merchant-app.toml';

/** What wrangler.merchant-app.toml says about one environment, as far as a deployment depends on it. */
export interface AppConfig extends NamedWorker {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly databases: readonly BoundDatabase[];
  /** The Durable Objects, each with the Worker that it is in. */
  readonly objects: readonly (BoundObject & { readonly worker: string | null })[];
  readonly sendsTo: readonly BoundQueue[];
  /** Whether mails can be sent. */
  readonly hasMail: boolean;
}

/** The merchant app that is to be deployed, with the API of the same environment. */
export interface AppDeployment {
  /** The environment; null for the top level, which is production. */
  readonly environment: string | null;
  readonly app: AppConfig;
  readonly api: WorkerConfig;
  /** Both at the top level of their files. */
  readonly production: { readonly app: AppConfig; readonly api: WorkerConfig };
}

/** The variables that only the app has. All others are those of wrangler.toml. */
const OWN_VARIABLES = ['APP_URL', 'MAIL_FROM', 'SIGN_UP'];

/** The app shows no pay page that asks Turnstile, and without Turnstile's secret this variable would be a fault. */
const NOT_FOR_APP = 'TURNSTILE_SITE_KEY';

/** The secrets that the app needs where the API has them. */
const SHARED_SECRETS = ['SECRETS_KEY', 'STRIPE_SECRET_KEY_LIVE', 'STRIPE_SECRET_KEY_TEST'];

/** The variables of `--var` in two parts: those that only the app has, and those of wrangler.toml. */
export function splitVariables(vars: Readonly<Record<string, string>>) {
  const entries = Object.entries(vars);
  return {
    ofApp: Object.fromEntries(entries.filter(([name]) => isOwn(name))),
    shared: Object.fromEntries(entries.filter(([name]) => !isOwn(name))),
  };
}

/** True where only the app has the variable or secret. */
function isOwn(name: string): boolean {
  return name === 'AUTH_SECRET' || OWN_VARIABLES.includes(name);
}

/** The variables of the API that the app gets too: its use cases are the same. */
export function variablesForApp({ vars }: WorkerConfig): Record<string, string> {
  const texts = Object.entries(vars).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(texts.filter(([name]) => name !== NOT_FOR_APP));
}

/** The faults that prevent a deployment of the merchant app, each with what to do about it. Empty: nothing prevents it. */
export function appFaults(deployment: AppDeployment): string[] {
  return [
    ...ownFaults(deployment),
    ...sharedFaults(deployment),
    ...bindingFaults(deployment),
    ...addressFaults(deployment),
  ];
}

function ownFaults({ environment, app }: AppDeployment): string[] {
  const section = environment === null ? '[vars]' : `[env.${environment}.vars]`;
  const { APP_URL: url, MAIL_FROM: from, SIGN_UP: signUp } = app.vars;
  const faults: string[] = [];
  if (!isPublicOrigin(url))
    faults.push(`APP_URL: set an https address without a path under ${section} in ${APP_TOML}.`);
  if (typeof from !== 'string' || readEmail(from) !== from) {
    faults.push(`MAIL_FROM: set the address that mails are sent from under ${section} in ${APP_TOML}.`);
  }
  if (signUp !== undefined && signUp !== 'open' && signUp !== 'invitation') {
    faults.push(`SIGN_UP: it must be invitation or open, in ${APP_TOML}.`);
  }
  if (!app.hasMail) faults.push(`MAIL: ${APP_TOML} must have a [[send_email]] with this name.`);
  return faults;
}

/** What would make the app take the place of another Worker: the API, or production's. */
function addressFaults({ environment, app, api, production }: AppDeployment): string[] {
  const ofApi = new Set([...api.routes, ...production.api.routes]);
  const section = `[env.${environment}] of ${APP_TOML}`;
  return [
    ...([api.name, production.api.name].includes(app.name)
      ? [`${app.name}: the API has this name. Give the merchant app its own in ${APP_TOML}.`]
      : []),
    ...app.routes
      .filter((route) => ofApi.has(route))
      .map((route) => `${route}: the API has this route. Give the merchant app its own \`routes\` in ${APP_TOML}.`),
    ...(environment === null ? [] : inheritedFaults(section, app, production.app)),
    ...(environment !== null && app.vars.APP_URL === production.app.vars.APP_URL
      ? [`APP_URL: ${section} has the address of production, ${String(app.vars.APP_URL)}: give it its own.`]
      : []),
  ];
}

/** What stands under [vars] and must not: secrets, what wrangler.toml says otherwise, and there what only the app has. */
function sharedFaults({ environment, app, api }: AppDeployment): string[] {
  const expected = variablesForApp(api);
  const names = Object.keys(app.vars).filter((name) => !OWN_VARIABLES.includes(name));
  const misplaced = Object.keys(api.vars).filter(isOwn);
  const faults = names.flatMap((name) => {
    if (name === 'AUTH_SECRET' || SECRETS.includes(name)) {
      return [`${name}: it is a secret, not a variable. Use \`${putSecret(name, environment)}\`.`];
    }
    if (expected[name] === String(app.vars[name])) return [];
    return [`${name}: remove it from ${APP_TOML}. The merchant app gets the variables of wrangler.toml: set it there.`];
  });
  return [
    ...faults,
    ...misplaced.map((name) => `${name}: remove it from wrangler.toml. Only the merchant app has it.`),
  ];
}

/** What the app does not bind as the API does. Without it, it would show other data, or change it without the API's limits. */
function bindingFaults({ app, api }: AppDeployment): string[] {
  const unknown = app.databases.filter(
    ({ binding }) => !api.databases.some((database) => database.binding === binding),
  );
  return [
    ...api.databases
      .filter(({ binding, id }) => app.databases.find((database) => database.binding === binding)?.id !== id)
      .map(
        ({ binding, id }) =>
          `${binding} in ${APP_TOML} must have the database_id that ${binding} has in wrangler.toml, ${id}.`,
      ),
    ...unknown.map(
      ({ binding }) => `${binding}: wrangler.toml does not bind it. Bind it there, or remove it in ${APP_TOML}.`,
    ),
    ...api.sendsTo
      .filter(({ binding, queue }) => !app.sendsTo.some((other) => other.binding === binding && other.queue === queue))
      .map(({ binding, queue }) => `${binding} in ${APP_TOML} must send to the queue of wrangler.toml, ${queue}.`),
    ...api.objects
      .filter(({ binding, className }) => {
        const other = app.objects.find((object) => object.binding === binding);
        return other?.className !== className || other.worker !== api.name;
      })
      .map(
        ({ binding, className }) =>
          `${binding} in ${APP_TOML} must have class_name = "${className}" and script_name = "${api.name}".`,
      ),
  ];
}

/**
 * The secrets that the merchant app lacks at Cloudflare, each with the command that sets it. `ofApp`, `ofApi`: the names of
 * the secrets that the two Workers have.
 */
export function secretFaults(environment: string | null, ofApp: readonly string[], ofApi: readonly string[]): string[] {
  const needed = ['AUTH_SECRET', ...SHARED_SECRETS.filter((name) => ofApi.includes(name))];
  const lacking = needed.filter((name) => !ofApp.includes(name));
  return lacking.map((name) => {
    const value = name === 'AUTH_SECRET' ? '' : ', with the value that the API has';
    return `${name}: the merchant app lacks this secret. Use \`${putSecret(name, environment)}\`${value}.`;
  });
}

function putSecret(name: string, environment: string | null): string {
  return `npx wrangler secret put ${name} --config ${APP_TOML}${environment === null ? '' : ` --env ${environment}`}`;
}

function isPublicOrigin(url: unknown): boolean {
  if (typeof url !== 'string' || !url.startsWith('https://') || !URL.canParse(url)) return false;
  return new URL(url).origin === url && !isLoopbackUrl(url);
}
