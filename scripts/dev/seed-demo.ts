import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Mode } from '../../src/core/api-keys.ts';
import { attachAccount, plainAccount } from '../../src/domain/accounts/attach-account.ts';
import { type Context, inWorkspace, type PlatformContext } from '../../src/domain/context.ts';
import { issueKey } from '../../src/domain/keys/issue-key.ts';
import { createLink } from '../../src/domain/links/create-link.ts';
import { readLogo, setLogo } from '../../src/domain/profile/change-logo.ts';
import { updateProfile } from '../../src/domain/profile/change-profile.ts';
import { createEndpoint } from '../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createNewPair } from '../../src/domain/workspaces/create-pair.ts';
import { setPairStatus } from '../../src/domain/workspaces/set-pair-status.ts';
import { DEMO_WORKSPACES, type DemoWorkspaceName } from '../local/demo-file.ts';
import { allowedOrigin, type LocalUrls, webhookUrl } from './demo-document.ts';
import type { Seeded, SeededWorkspace } from './local-secrets.ts';

const DEMO_RATE_PER_MINUTE = 6000;
const THROTTLED_RATE_PER_MINUTE = 60;

/** What each demo workspace and its Stripe account are called. */
export const BUSINESS_NAMES: Readonly<Record<DemoWorkspaceName, string>> = {
  main: 'Harbour Studio',
  other: 'Orchard Bakery',
  unconnected: 'Unconnected Shop',
  onboarding: 'Onboarding Shop',
  suspended: 'Suspended Shop',
};

/** The demo workspaces, made by the same use cases that operators and the API use. Each call makes new ones. */
export async function seedDemo(context: PlatformContext, urls: LocalUrls): Promise<Seeded> {
  // An account belongs to one workspace forever: new names avoid those of a run that was interrupted.
  const run = randomBytes(3).toString('hex');
  const seedPair = async (name: DemoWorkspaceName) => {
    const pair = await createNewPair(context, BUSINESS_NAMES[name]);
    const account = name === 'unconnected' ? null : `acct_demo_${name}_${run}`;
    const live = await seedWorkspace(
      inWorkspace(context, { workspace: pair.live, account: null }),
      name,
      urls,
      account,
    );
    const sandbox = await seedWorkspace(
      inWorkspace(context, { workspace: pair.sandbox, account: null }),
      name,
      urls,
      account,
    );
    if (name === 'suspended') await setPairStatus(context, { id: pair.live.id, status: 'suspended' });
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
  context: Context,
  name: DemoWorkspaceName,
  urls: LocalUrls,
  account: string | null,
): Promise<SeededWorkspace> {
  if (account !== null) {
    const ready = name !== 'onboarding';
    await attachAccount(context, {
      ...plainAccount(account, ready),
      country: 'GB',
      dashboard: 'full',
      cards: ready ? 'active' : 'restricted',
    });
  }
  if (name === 'main') await seedProfile(context);
  return {
    workspaceId: context.workspace.id,
    account,
    keys: await seedKeys(context, name),
    publicKey: await seedPublicKey(context, urls),
    endpoint: await seedEndpoint(context, name, urls),
    links: await seedLinks(context, name),
  };
}

async function seedProfile(context: Context): Promise<void> {
  await updateProfile(context, {
    displayName: BUSINESS_NAMES.main,
    supportEmail: 'hello@harbour-studio.example',
    supportPhone: '+44 20 7946 0958',
    website: 'https://harbour-studio.example/',
    termsUrl: 'https://harbour-studio.example/terms',
    refundPolicyUrl: 'https://harbour-studio.example/refunds',
  });
  const logo = readLogo(new Uint8Array(readFileSync(resolve(import.meta.dirname, 'demo-logo.png'))));
  await setLogo(context, logo);
}

async function seedKeys(context: Context, name: DemoWorkspaceName): Promise<SeededWorkspace['keys']> {
  const issue = async (keyName: string, scopes: readonly string[], rateLimitPerMinute = DEMO_RATE_PER_MINUTE) => {
    const input = { kind: 'secret' as const, name: keyName, scopes, allowedOrigins: [], rateLimitPerMinute };
    return (await issueKey(context, input)).secret;
  };
  const keys = {
    all: await issue('Demo: everything', ['service.payments.*']),
    readonly: await issue('Demo: reads links', ['service.payments.links.read']),
    none: await issue('Demo: no scope', []),
  };
  if (name !== 'main' || context.workspace.mode !== 'sandbox') return keys;
  return {
    ...keys,
    throttled: await issue('Demo: slow', ['service.payments.*'], THROTTLED_RATE_PER_MINUTE),
    public_keys: await issue('Demo: makes public keys', ['service.payments.keys.write']),
  };
}

async function seedPublicKey(context: Context, urls: LocalUrls): Promise<SeededWorkspace['publicKey']> {
  const { key, secret } = await issueKey(context, {
    kind: 'public',
    name: 'Demo: shop page',
    scopes: [],
    allowedOrigins: [allowedOrigin(urls, context.workspace.mode)],
    rateLimitPerMinute: DEMO_RATE_PER_MINUTE,
  });
  return { id: key.id, key: secret };
}

async function seedEndpoint(
  context: Context,
  name: DemoWorkspaceName,
  urls: LocalUrls,
): Promise<SeededWorkspace['endpoint']> {
  const { endpoint, secret } = await createEndpoint(context, {
    url: webhookUrl(urls, name, context.workspace.mode),
    description: 'The sink of the local copy',
  });
  return { id: endpoint.id, secret };
}

async function seedLinks(context: Context, name: DemoWorkspaceName): Promise<SeededWorkspace['links']> {
  const common = { kind: 'link' as const, showBusinessName: name === 'main' };
  const fixed = await createLink(context, {
    ...common,
    title: 'Studio deposit',
    description: '50% non-refundable booking deposit',
    currency: 'GBP',
    amountMinor: 5000,
    minAmountMinor: null,
  });
  const open = await createLink(context, {
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
