import { eq } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { apiKeys, webhookEndpoints } from '../../src/db/schema.ts';
import { findWorkspace } from '../../src/db/workspaces.ts';
import { attachAccount, plainAccount } from '../../src/domain/accounts/attach-account.ts';
import { inWorkspace, type PlatformContext } from '../../src/domain/context.ts';
import type { StripeAccount } from '../../src/stripe/gateway.ts';
import { applyMigrations } from '../local/apply-migrations.ts';
import { databaseContext } from '../local/database-context.ts';
import type { OpenedDatabases } from '../local/open-database.ts';
import { allowedOrigin, type LocalUrls, webhookUrl } from './demo-document.ts';
import { loadLocalSecrets, type Seeded, saveLocalSecrets } from './local-secrets.ts';
import { eachSeeded, seedDemo } from './seed-demo.ts';
import { seedOwner } from './seed-owner.ts';

interface PrepareDemo {
  readonly stateDir: string;
  readonly urls: LocalUrls;
  /** The developer's own account, as Stripe describes it, or null for the simulated one. */
  readonly ownAccount: StripeAccount | null;
}

/**
 * Applies the migrations to all databases and makes the demo workspaces, with the owner of `main`, in the first one. Those of
 * an earlier run stay, with their keys, and only their addresses and account are updated. If the database or the secrets of the earlier run
 * are gone, new ones are made.
 */
export async function prepareDemo(
  { shards }: Pick<OpenedDatabases, 'shards'>,
  { stateDir, urls, ownAccount }: PrepareDemo,
): Promise<void> {
  for (const shard of shards) await applyMigrations(shard.database);
  const [{ database }] = shards;
  const secrets = loadLocalSecrets(stateDir);
  const context = databaseContext(database, { kind: 'system' }, { secretsKey: secrets.secretsKey });
  const known = secrets.seeded !== null && (await isSeeded(database, secrets.seeded)) ? secrets.seeded : null;
  const seeded = known ?? (await seedDemo(context, urls));
  if (known) await updateUrls(database, known, urls);
  else saveLocalSecrets(stateDir, { ...secrets, seeded });
  const { live, sandbox } = seeded.main;
  await seedOwner(database, { id: live.workspaceId, sandboxId: sandbox.workspaceId });
  await updateAccount(context, seeded, ownAccount);
}

/** True if every demo workspace is in this database. The database or the secrets may have been deleted. */
async function isSeeded(database: Database, seeded: Seeded): Promise<boolean> {
  const found = await Promise.all(
    eachSeeded(seeded).map(({ workspace }) => findWorkspace(database, workspace.workspaceId)),
  );
  return found.every((workspace) => workspace !== null);
}

/** Gives the demo workspaces of an earlier run the addresses of this run. */
async function updateUrls(database: Database, seeded: Seeded, urls: LocalUrls): Promise<void> {
  for (const { name, mode, workspace } of eachSeeded(seeded)) {
    await database.batch([
      database
        .update(webhookEndpoints)
        .set({ url: webhookUrl(urls, name, mode) })
        .where(eq(webhookEndpoints.id, workspace.endpoint.id)),
      database
        .update(apiKeys)
        .set({ allowedOrigins: [allowedOrigin(urls, mode)] })
        .where(eq(apiKeys.id, workspace.publicKey.id)),
    ]);
  }
}

/** Connects main's sandbox workspace to the developer's own account at Stripe, or to the simulated one. */
async function updateAccount(
  context: PlatformContext,
  seeded: Seeded,
  ownAccount: StripeAccount | null,
): Promise<void> {
  const { sandbox } = seeded.main;
  const simulated = sandbox.account && plainAccount(sandbox.account, true);
  const wanted = ownAccount ?? simulated;
  const found = await findWorkspace(context.database, sandbox.workspaceId);
  if (!wanted || !found || found.account?.stripeAccountId === wanted.id) return;
  await attachAccount(inWorkspace(context, found), wanted);
}
