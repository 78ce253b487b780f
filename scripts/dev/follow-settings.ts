import { eq } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { apiKeys, webhookEndpoints } from '../../src/db/schema.ts';
import { findWorkspace } from '../../src/db/workspaces.ts';
import { attachAccount } from '../../src/domain/accounts/attach-account.ts';
import { inWorkspace, type PlatformContext } from '../../src/domain/context.ts';
import type { Seeded } from './local-secrets.ts';
import { allowedOrigin, type LocalUrls, webhookUrl } from './local-urls.ts';
import { eachSeeded } from './seed-demo.ts';

/** Whether every demo workspace is in this database: not so when one of the two was deleted. */
export async function isSeeded(database: Database, seeded: Seeded): Promise<boolean> {
  const found = await Promise.all(
    eachSeeded(seeded).map(({ workspace }) => findWorkspace(database, workspace.workspaceId)),
  );
  return found.every((workspace) => workspace !== null);
}

/** Brings the demo workspaces of an earlier run in line with the ports of this one. */
export async function followPorts(database: Database, seeded: Seeded, urls: LocalUrls): Promise<void> {
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

/** The account that main's sandbox is to be paid on: the developer's own at Stripe, or the simulated one. */
export async function followAccount(
  context: PlatformContext,
  seeded: Seeded,
  ownAccount: string | null,
): Promise<void> {
  const { sandbox } = seeded.main;
  const wanted = ownAccount ?? sandbox.account;
  const found = await findWorkspace(context.database, sandbox.workspaceId);
  if (wanted === null || !found || found.account?.stripeAccountId === wanted) return;
  await attachAccount(inWorkspace(context, found), { id: wanted, chargesEnabled: true, detailsSubmitted: true });
}
