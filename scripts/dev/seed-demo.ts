import { randomBytes } from 'node:crypto';
import type { Mode } from '../../src/core/api-keys.ts';
import type { SecretsKeyring } from '../../src/core/crypto.ts';
import type { Workspace } from '../../src/db/workspaces.ts';
import { attachAccount } from '../../src/domain/accounts/attach-account.ts';
import type { AdminContext } from '../../src/domain/admin-context.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createLink } from '../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createPair } from '../../src/domain/workspaces/create-pair.ts';
import { setPairStatus } from '../../src/domain/workspaces/set-pair-status.ts';
import { DEMO_WORKSPACES, type DemoWorkspaceName } from '../local/demo-file.ts';
import type { Seeded, SeededWorkspace } from './local-secrets.ts';
import { allowedOrigin, type LocalUrls, webhookUrl } from './local-urls.ts';

const DEMO_RATE_PER_MINUTE = 6000;
const THROTTLED_RATE_PER_MINUTE = 60;

const BUSINESS_NAMES: Readonly<Record<DemoWorkspaceName, string>> = {
  main: 'Harbour Studio',
  other: 'Orchard Bakery',
  unconnected: 'Unconnected Shop',
  onboarding: 'Onboarding Shop',
  suspended: 'Suspended Shop',
};

export interface SeedContext extends AdminContext {
  readonly keyring: SecretsKeyring;
  readonly urls: LocalUrls;
}

/** The demo workspaces, made by the same verbs that operators and the API use. Each call makes new ones. */
export async function seedDemo(context: SeedContext): Promise<Seeded> {
  // An account belongs to one workspace for good: after a run that broke off, new names keep out of its way.
  const run = randomBytes(3).toString('hex');
  const seedPair = async (name: DemoWorkspaceName) => {
    const pair = await createPair(context, BUSINESS_NAMES[name]);
    const account = name === 'unconnected' ? null : `acct_demo_${name}_${run}`;
    const live = await seedWorkspace(context, name, pair.live, account);
    const sandbox = await seedWorkspace(context, name, pair.sandbox, account);
    if (name === 'suspended') await setPairStatus(context, pair.live.id, 'suspended');
    return { live, sandbox };
  };
  return {
    main: await seedPair('main'),
    other: await seedPair('other'),
    unconnected: await seedPair('unconnected'),
    onboarding: await seedPair('onboarding'),
    suspended: await seedPair('suspended'),
  };
}

async function seedWorkspace(
  context: SeedContext,
  name: DemoWorkspaceName,
  workspace: Workspace,
  account: string | null,
): Promise<SeededWorkspace> {
  if (account !== null) {
    const ready = name !== 'onboarding';
    await attachAccount(context, workspace.id, { id: account, chargesEnabled: ready, detailsSubmitted: ready });
  }
  return {
    workspaceId: workspace.id,
    account,
    keys: await seedKeys(context, name, workspace),
    publicKey: await seedPublicKey(context, workspace),
    endpoint: await seedEndpoint(context, name, workspace),
    links: await seedLinks(context, name, workspace),
  };
}

async function seedKeys(
  context: SeedContext,
  name: DemoWorkspaceName,
  workspace: Workspace,
): Promise<SeededWorkspace['keys']> {
  const issue = async (keyName: string, scopes: readonly string[], rateLimitPerMinute = DEMO_RATE_PER_MINUTE) => {
    const input = { kind: 'secret' as const, name: keyName, scopes, allowedOrigins: [], rateLimitPerMinute };
    return (await issueKey(context, workspace, input)).secret;
  };
  const keys = {
    all: await issue('Demo: everything', ['service.payments.*']),
    readonly: await issue('Demo: reads links', ['service.payments.links.read']),
    none: await issue('Demo: no scope', []),
  };
  if (name !== 'main' || workspace.mode !== 'sandbox') return keys;
  return {
    ...keys,
    throttled: await issue('Demo: slow', ['service.payments.*'], THROTTLED_RATE_PER_MINUTE),
    public_keys: await issue('Demo: makes public keys', ['service.payments.keys.write']),
  };
}

async function seedPublicKey(context: SeedContext, workspace: Workspace): Promise<SeededWorkspace['publicKey']> {
  const { key, secret } = await issueKey(context, workspace, {
    kind: 'public',
    name: 'Demo: shop page',
    scopes: [],
    allowedOrigins: [allowedOrigin(context.urls, workspace.mode)],
    rateLimitPerMinute: DEMO_RATE_PER_MINUTE,
  });
  return { id: key.id, key: secret };
}

async function seedEndpoint(
  context: SeedContext,
  name: DemoWorkspaceName,
  workspace: Workspace,
): Promise<SeededWorkspace['endpoint']> {
  const { endpoint, secret } = await createEndpoint(context, context.keyring, workspace.id, {
    url: webhookUrl(context.urls, name, workspace.mode),
    description: 'The sink of the local copy',
  });
  return { id: endpoint.id, secret };
}

async function seedLinks(
  context: SeedContext,
  name: DemoWorkspaceName,
  workspace: Workspace,
): Promise<SeededWorkspace['links']> {
  const common = { kind: 'link' as const, showBusinessName: name === 'main' };
  const fixed = await createLink(context, workspace.id, {
    ...common,
    title: 'Studio deposit',
    description: '50% non-refundable booking deposit',
    currency: 'GBP',
    amountMinor: 5000,
    minAmountMinor: null,
  });
  const open = await createLink(context, workspace.id, {
    ...common,
    title: 'Pay what you want',
    description: 'Any amount from five euros',
    currency: 'EUR',
    amountMinor: null,
    minAmountMinor: 500,
  });
  return { fixed: fixed.token, open: open.token };
}

/** Every demo workspace with its name and mode. */
export function eachSeeded(seeded: Seeded): { name: DemoWorkspaceName; mode: Mode; workspace: SeededWorkspace }[] {
  return DEMO_WORKSPACES.flatMap((name) => [
    { name, mode: 'live' as const, workspace: seeded[name].live },
    { name, mode: 'sandbox' as const, workspace: seeded[name].sandbox },
  ]);
}
