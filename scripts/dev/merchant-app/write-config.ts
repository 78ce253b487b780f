import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomically } from '../../local/files.ts';
import { ROOT } from '../../local/settings.ts';
import { readWranglerConfig } from '../../local/wrangler-config.ts';
import { LOCAL_APP, localAppConfigPath, type WorkerVariables } from '../worker-variables.ts';

/**
 * Writes wrangler's configuration of the merchant app for a local copy: that of wrangler.merchant-app.toml, with an entry
 * that keeps mails, the databases, queues, objects and `variables` of the API, and variables of its own. Only its owner can
 * read it: it has secrets.
 */
export function writeLocalAppConfig(stateDir: string, appUrl: string, variables: WorkerVariables): void {
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
      AUTH_SECRET: createHash('sha256').update(`merchant app ${variables.SECRETS_KEY}`).digest('hex'),
      MAIL_FROM: 'no-reply@app.example.com',
      SIGN_UP: 'open',
    },
  };
  writeFileAtomically(localAppConfigPath(stateDir), `${JSON.stringify(config, null, 2)}\n`);
}
