import type { Mode } from '../../src/core/api-keys.ts';
import type { DemoFile, DemoWorkspace, DemoWorkspaceName } from '../local/demo-file.ts';
import type { LocalSettings } from '../local/settings.ts';
import type { Seeded, SeededWorkspace } from './local-secrets.ts';
import { allowedOrigin, webhookUrl } from './local-urls.ts';
import type { OwnStripe } from './stripe-choice.ts';
import type { WorkerVariables } from './worker-variables.ts';

export const STRIPE_URL = 'https://api.stripe.com';

/** All that demo.json says: how the copy is reached, and the demo workspaces with their keys. */
export function demoDocument(
  settings: LocalSettings,
  variables: WorkerVariables,
  seeded: Seeded,
  ownStripe: OwnStripe | null,
): DemoFile {
  const events = (mode: 'test' | 'live') => ({
    url: `${settings.baseUrl}/api/stripe/events/${mode}`,
    secret: mode === 'test' ? variables.STRIPE_WEBHOOK_SECRET_TEST : variables.STRIPE_WEBHOOK_SECRET_LIVE,
  });
  const workspace = (name: DemoWorkspaceName, mode: Mode, from: SeededWorkspace): DemoWorkspace => ({
    workspace_id: from.workspaceId,
    account: from.account,
    keys: from.keys,
    public_key: from.publicKey.key,
    allowed_origin: allowedOrigin(settings, mode),
    webhook: { url: webhookUrl(settings, name, mode), secret: from.endpoint.secret },
    links: from.links,
  });
  const pair = (name: DemoWorkspaceName) => ({
    live: workspace(name, 'live', seeded[name].live),
    sandbox: workspace(name, 'sandbox', seeded[name].sandbox),
  });
  const main = pair('main');
  return {
    base_url: settings.baseUrl,
    stripe_url: ownStripe ? STRIPE_URL : settings.stripeUrl,
    sink_url: settings.sinkUrl,
    shop_url: settings.shopUrl,
    foreign_shop_url: settings.foreignShopUrl,
    stripe_events: { test: events('test'), live: events('live') },
    workspaces: {
      main: ownStripe ? { ...main, sandbox: { ...main.sandbox, account: ownStripe.account } } : main,
      other: pair('other'),
      unconnected: pair('unconnected'),
      onboarding: pair('onboarding'),
      suspended: pair('suspended'),
    },
  };
}
