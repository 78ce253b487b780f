import * as z from 'zod';
import { parseSecretsKey } from '../../src/core/crypto.ts';
import { ApiError } from '../../src/core/errors.ts';
import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import { applyMigrations } from '../local/apply-migrations.ts';
import { openLocalDatabase } from '../local/open-database.ts';
import { describeFailure } from '../local/script-error.ts';
import { followAccount, followPorts, isSeeded } from './follow-settings.ts';
import { loadLocalSecrets, saveLocalSecrets } from './local-secrets.ts';
import { seedDemo } from './seed-demo.ts';

// A process of its own: wrangler's library takes over signals, and the one that started this has to answer to Ctrl-C.

const input = z.object({
  stateDir: z.string(),
  urls: z.object({ port: z.int(), baseUrl: z.string(), sinkUrl: z.string() }),
  ownAccount: z.string().nullable(),
});

/** Migrations and demo workspaces; what is there already stays as it is. */
async function prepareDatabase({ stateDir, urls, ownAccount }: z.output<typeof input>): Promise<void> {
  const secrets = loadLocalSecrets(stateDir);
  const { database, close } = await openLocalDatabase(stateDir);
  try {
    await applyMigrations(database);
    const context = {
      database,
      shard: DEFAULT_SHARD,
      now: Date.now,
      actor: 'system',
      keyring: await parseSecretsKey(secrets.secretsKey),
      urls,
    };
    const known = secrets.seeded !== null && (await isSeeded(database, secrets.seeded)) ? secrets.seeded : null;
    const seeded = known ?? (await seedDemo(context));
    if (known) await followPorts(database, known, urls);
    else saveLocalSecrets(stateDir, { ...secrets, seeded });
    await followAccount(context, seeded, ownAccount);
  } finally {
    await close();
  }
}

try {
  await prepareDatabase(input.parse(JSON.parse(process.argv[2] ?? '')));
} catch (error) {
  console.error(error instanceof ApiError ? error.message : describeFailure(error));
  process.exitCode = 1;
}
