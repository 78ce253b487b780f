import type { Mode } from '../../src/core/api-keys.ts';
import type { DemoFile, DemoWorkspace, DemoWorkspaceName } from '../local/demo-file.ts';
import type { LocalSettings } from '../local/settings.ts';
import { type OwnStripe, STRIPE_URL } from './dev-vars.ts';
import type { Seeded, SeededWorkspace } from './local-secrets.ts';
import { DEMO_OWNER, FIRST_LINK_PATH } from './merchant-app/demo-owner.ts';
import type { WorkerVariables } from './worker-variables.ts';

/** The addresses of a local copy that the demo workspaces refer to. */
export interface LocalUrls {
  readonly baseUrl: string;
  readonly sinkUrl: string;
  readonly shopUrl: string;
}

/** Where a demo workspace receives its webhooks: under its own name at the sink. */
export function webhookUrl(urls: LocalUrls, name: DemoWorkspaceName, mode: Mode): string {
  return `${urls.sinkUrl}/${name}-${mode}`;
}

/** The origin that a demo public key lists: the demo shop for the sandbox workspace, another one for the live workspace. */
export function allowedOrigin(urls: LocalUrls, mode: Mode): string {
  return mode === 'sandbox' ? urls.shopUrl : 'https://shop.example';
}

/** What a copy runs with. */
interface Running {
  readonly variables: WorkerVariables;
  readonly seeded: Seeded;
  readonly ownStripe: OwnStripe | null;
  /** The token of the link that signs in the demo's owner once. */
  readonly firstToken: string;
}

/** The content of demo.json: the addresses of the copy, and the demo workspaces with their keys. */
export function demoDocument(settings: LocalSettings, { variables, seeded, ownStripe, firstToken }: Running): DemoFile {
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
    app_url: settings.appUrl,
    app_owner: { email: DEMO_OWNER, sign_in_url: `${settings.appUrl}${FIRST_LINK_PATH}${firstToken}` },
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
