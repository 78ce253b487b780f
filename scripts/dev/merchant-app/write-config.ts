import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomically } from '../../local/files.ts';
import { ROOT } from '../../local/settings.ts';
import { readWranglerConfig } from '../../local/wrangler-config.ts';
import { LOCAL_APP, localAppConfigPath, type WorkerVariables } from '../worker-variables.ts';

/** The variables of the local merchant app, besides those of the API. */
export interface LocalApp {
  readonly appUrl: string;
  /** The token of the link that signs in the demo's owner once. */
  readonly firstToken: string;
}

/**
 * Writes wrangler's configuration of the merchant app for a local copy: that of wrangler.merchant-app.toml, with an entry
 * that keeps mails, the databases, queues, objects and `variables` of the API, and variables of its own. Only its owner can
 * read it: it has secrets.
 */
export function writeLocalAppConfig(
  stateDir: string,
  { appUrl, firstToken }: LocalApp,
  variables: WorkerVariables,
): void {
  const api = readWranglerConfig(join(ROOT, 'wrangler.toml'), null);
  const app = readWranglerConfig(join(ROOT, 'wrangler.merchant-app.toml'), null);
  const config = {
    name: LOCAL_APP,
    main: join(import.meta.dirname, 'worker.ts'),
    compatibility_date: app.compatibility_date,
    compatibility_flags: app.compatibility_flags,
    assets: { ...app.assets, directory: join(ROOT, app.assets?.directory ?? '') },
    d1_databases: api.d1_databases,
    queues: { producers: api.queues.producers },
    durable_objects: { bindings: api.durable_objects.bindings.map((object) => ({ ...object, script_name: api.name })) },
    vars: {
      ...api.vars,
      ...variables,
      APP_URL: appUrl,
      // The same in each run on the same state, so that sessions go on.
      AUTH_SECRET: sha256(`merchant app ${variables.SECRETS_KEY}`),
      FIRST_LINK_DIGEST: sha256(firstToken),
      MAIL_FROM: 'no-reply@app.example.com',
      SIGN_UP: 'open',
    },
  };
  writeFileAtomically(localAppConfigPath(stateDir), `${JSON.stringify(config, null, 2)}\n`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
