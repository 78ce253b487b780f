import type { Database } from '../../src/db/client.ts';
import { applyMigrations } from '../local/apply-migrations.ts';
import { databaseContext } from '../local/database-context.ts';
import { followAccount, followPorts, isSeeded } from './follow-settings.ts';
import { loadLocalSecrets, saveLocalSecrets } from './local-secrets.ts';
import type { LocalUrls } from './local-urls.ts';
import { seedDemo } from './seed-demo.ts';

export interface PrepareDemo {
  readonly stateDir: string;
  readonly urls: LocalUrls;
  /** The developer's own account at Stripe, or null for the simulated one. */
  readonly ownAccount: string | null;
}

/**
 * Migrations and demo workspaces. Those of an earlier run stay, keys and all, and only follow the ports and the account; they
 * are made anew where the database or the secrets of the earlier run are gone.
 */
export async function prepareDemo(database: Database, { stateDir, urls, ownAccount }: PrepareDemo): Promise<void> {
  await applyMigrations(database);
  const secrets = loadLocalSecrets(stateDir);
  const context = databaseContext(database, { kind: 'system' }, secrets.secretsKey);
  const known = secrets.seeded !== null && (await isSeeded(database, secrets.seeded)) ? secrets.seeded : null;
  const seeded = known ?? (await seedDemo(context, urls));
  if (known) await followPorts(database, known, urls);
  else saveLocalSecrets(stateDir, { ...secrets, seeded });
  await followAccount(context, seeded, ownAccount);
}
