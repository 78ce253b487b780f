import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Mode } from '../../src/core/api-keys.ts';
import { StripeFailure, type StripeGateway } from '../../src/stripe/gateway.ts';
import { NO_STRIPE } from '../local/database-context.ts';
import { readDemoFile } from '../local/demo-file.ts';
import { shortPath } from '../local/files.ts';
import type { OpenedDatabases } from '../local/open-database.ts';
import { openLocal } from '../local/open-files.ts';
import { ScriptError } from '../local/script-error.ts';
import { ROOT, stateDirOf } from '../local/settings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where a command works: on a local copy or on a deployed service. */
export interface Place {
  readonly isRemote: boolean;
  /** The command that makes the tables of the database that is bound under this name. */
  migrateCommand(binding: string): string;
  /** The variables of the Worker that are known here. */
  readonly variables: Variables;
  /** The address of the merchant app. null: there is none. */
  appUrl(): Promise<string | null>;
  /** Opens all databases that wrangler.toml binds. Throws ScriptError if that is not possible. */
  open(): Promise<OpenedDatabases>;
}

export interface PlaceOptions {
  readonly remote: boolean;
  /** The name of an environment in wrangler.toml. undefined: that of CLOUDFLARE_ENV, else production. */
  readonly env: string | undefined;
  readonly persistTo: string | undefined;
}

/** Secrets that a command can need. For a deployed service they come from the environment, and from nowhere else. */
const SECRETS = ['OPERATOR_TOKEN', 'STRIPE_SECRET_KEY_TEST', 'STRIPE_SECRET_KEY_LIVE'];

/** The place that the options of a command line name. `environment`: of the process. */
export async function placeOf(options: PlaceOptions, environment: Variables): Promise<Place> {
  return options.remote ? await remotePlace(options.env, environment) : localPlace(options.persistTo, environment);
}

async function remotePlace(env: string | undefined, environment: Variables): Promise<Place> {
  const { deployedVariables, openRemoteDatabases } = await import('../local/open-database.ts');
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, environment[name]]));
  const name = env ?? (environment.CLOUDFLARE_ENV || null);
  return {
    isRemote: true,
    migrateCommand: (binding) => `npx wrangler d1 migrations apply ${binding} --remote --env=${name ?? ''}`,
    variables: { ...deployedVariables(name), ...secrets },
    appUrl: async () => {
      const { readAppConfig } = await import('../deploy/app-config.ts');
      const { APP_URL: url } = readAppConfig(ROOT, name)?.vars ?? {};
      return typeof url === 'string' ? url : null;
    },
    open: async () => {
      try {
        return await openRemoteDatabases(name);
      } catch (error) {
        if (error instanceof ScriptError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new ScriptError(
          `The deployed databases cannot be reached. Run \`npx wrangler login\` or set CLOUDFLARE_API_TOKEN.\n  ${reason}`,
          { code: 'no_database', cause: error },
        );
      }
    },
  };
}

function localPlace(persistTo: string | undefined, environment: Variables): Place {
  const stateDir = persistTo === undefined ? stateDirOf(environment) : resolve(persistTo);
  return {
    isRemote: false,
    migrateCommand: () => 'npm start',
    variables: workerVariablesIn(stateDir),
    appUrl: async () => readDemoFile(stateDir)?.app_url ?? null,
    open: async () => {
      if (!existsSync(join(stateDir, 'v3/d1'))) {
        throw new ScriptError(
          `There is no local database in ${shortPath(stateDir)}. Run \`npm start\` once, or set STATE_DIR to the directory of another copy.`,
          { code: 'no_database' },
        );
      }
      return await openLocal(stateDir);
    },
  };
}

/** The variables that `npm start` has given to the Worker of this state directory. */
function workerVariablesIn(stateDir: string): Variables {
  const file = join(stateDir, 'worker.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

const KEY_OF: Readonly<Record<Mode, string>> = { sandbox: 'STRIPE_SECRET_KEY_TEST', live: 'STRIPE_SECRET_KEY_LIVE' };

/** The gateways to Stripe with the platform's keys. Without the key of a mode every read fails like one without an answer. */
export async function stripeIn({ variables }: Place): Promise<(mode: Mode) => StripeGateway> {
  const { stripeGateway } = await import('../../src/stripe/client.ts');
  return (mode) => {
    const key = variables[KEY_OF[mode]];
    if (key) return stripeGateway(variables.STRIPE_API_BASE ?? 'https://api.stripe.com', key);
    const retrieveAccount = async () => {
      throw new StripeFailure('unavailable', `${KEY_OF[mode]} is not set.`);
    };
    return { ...NO_STRIPE, retrieveAccount };
  };
}
