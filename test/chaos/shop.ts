import { randomBytes } from 'node:crypto';
import { applyMigrations } from '../../scripts/local/apply-migrations.ts';
import { databaseContext } from '../../scripts/local/database-context.ts';
import type { Database } from '../../src/db/client.ts';
import { attachAccount } from '../../src/domain/accounts/attach-account.ts';
import { inWorkspace } from '../../src/domain/context.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createLink } from '../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createPair } from '../../src/domain/workspaces/create-pair.ts';

/** How many payments the shop's limited link takes. */
export const LIMIT = 3;

/** The workspace of a run. */
export interface Shop {
  readonly account: string;
  readonly key: string;
  /** The receivers of its webhooks, and the secret of each. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly openLink: string;
  readonly limitedLink: string;
}

/** Makes tables, a sandbox workspace with a key, two webhook endpoints, and two links: one without limit, one with. */
export async function openShop(
  database: Database,
  options: { readonly secretsKey: string; readonly account: string; readonly receiversUrl: string },
): Promise<Shop> {
  await applyMigrations(database);
  const platform = databaseContext(database, { kind: 'operator' }, { secretsKey: options.secretsKey });
  const { sandbox } = await createPair(platform, `Chaos ${randomBytes(3).toString('hex')}`);
  const context = inWorkspace(platform, { workspace: sandbox, account: null });
  await attachAccount(context, { id: options.account, chargesEnabled: true, detailsSubmitted: true });
  const { secret } = await issueKey(context, {
    kind: 'secret',
    name: 'chaos',
    scopes: ['service.payments.*'],
    allowedOrigins: [],
    rateLimitPerMinute: 1_000_000,
  });
  const secrets: Record<string, string> = {};
  for (const name of ['books', 'mails']) {
    secrets[name] = (await createEndpoint(context, { url: `${options.receiversUrl}/${name}` })).secret;
  }
  const link = { kind: 'link' as const, currency: 'GBP', amountMinor: 1500, minAmountMinor: null };
  const open = await createLink(context, { ...link, title: 'Open' });
  const limited = await createLink(context, { ...link, title: 'Limited', maxPayments: LIMIT });
  return { account: options.account, key: secret, secrets, openLink: open.token, limitedLink: limited.token };
}
