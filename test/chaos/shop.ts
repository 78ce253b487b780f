import { randomBytes } from 'node:crypto';
import { applyMigrations } from '../../scripts/local/apply-migrations.ts';
import { databaseContext } from '../../scripts/local/database-context.ts';
import type { OpenedDatabases, OpenedShard } from '../../scripts/local/open-database.ts';
import { attachAccount, plainAccount } from '../../src/domain/accounts/attach-account.ts';
import { inWorkspace } from '../../src/domain/context.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createLink } from '../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createNewPair } from '../../src/domain/workspaces/create-pair.ts';

/** How many payments the shop's limited link takes. */
export const LIMIT = 3;

/** A merchant's workspace. */
export interface Shop {
  /** The shard in which it is: each shop of a run has another one. */
  readonly shard: string;
  readonly workspaceId: string;
  readonly account: string;
  readonly key: string;
  /** The receivers of its webhooks, whose names no other shop has, and the secret of each. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly openLink: string;
  readonly limitedLink: string;
}

export interface ShopOptions {
  readonly secretsKey: string;
  readonly receiversUrl: string;
}

/** Makes the tables of all databases, and a shop in each. */
export async function openShops({ shards }: OpenedDatabases, options: ShopOptions): Promise<Shop[]> {
  await Promise.all(shards.map(({ database }) => applyMigrations(database)));
  return await Promise.all(shards.map((place) => openShop(place, shards, options)));
}

/** Makes a sandbox workspace with a key, two webhook endpoints, and two links: one without limit, one with. */
async function openShop(
  { shard, database }: OpenedShard,
  shards: readonly OpenedShard[],
  { secretsKey, receiversUrl }: ShopOptions,
): Promise<Shop> {
  const databases = new Map(shards.map((one) => [one.shard, one.database]));
  const platform = databaseContext(database, { kind: 'operator' }, { secretsKey, shard, databases });
  const { sandbox } = await createNewPair(platform, `Chaos ${randomBytes(3).toString('hex')}`);
  const context = inWorkspace(platform, { workspace: sandbox, account: null });
  const account = `acct_chaos${shard}`;
  await attachAccount(context, plainAccount(account, true));
  const { secret } = await issueKey(context, {
    kind: 'secret',
    name: 'chaos',
    scopes: ['service.payments.*'],
    allowedOrigins: [],
    rateLimitPerMinute: 1_000_000,
  });
  const secrets: Record<string, string> = {};
  for (const name of [`books-${shard}`, `mails-${shard}`]) {
    secrets[name] = (await createEndpoint(context, { url: `${receiversUrl}/${name}` })).secret;
  }
  const link = { kind: 'link' as const, currency: 'GBP', amountMinor: 1500, minAmountMinor: null };
  const open = await createLink(context, { ...link, title: 'Open' });
  const limited = await createLink(context, { ...link, title: 'Limited', maxPayments: LIMIT });
  const links = { openLink: open.token, limitedLink: limited.token };
  return { shard, workspaceId: sandbox.id, account, key: secret, secrets, ...links };
}
