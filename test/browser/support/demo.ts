import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import * as z from 'zod';

const side = z.object({
  workspace_id: z.string(),
  account: z.string().nullable(),
  keys: z.object({ all: z.string(), readonly: z.string(), none: z.string(), public_keys: z.string().optional() }),
  public_key: z.string(),
  webhook: z.object({ url: z.string(), secret: z.string() }),
  links: z.object({ fixed: z.string(), open: z.string() }),
});
const demoSchema = z.object({
  base_url: z.string(),
  stripe_url: z.string(),
  sink_url: z.string(),
  shop_url: z.string(),
  foreign_shop_url: z.string(),
  app_url: z.string(),
  app_owner: z.object({ email: z.string(), sign_in_url: z.string() }),
  stripe_events: z.object({ test: z.object({ url: z.string(), secret: z.string() }) }),
  workspaces: z.record(z.string(), z.object({ live: side, sandbox: side })),
});

export type DemoSide = z.output<typeof side>;

export interface DemoPair {
  live: DemoSide;
  sandbox: DemoSide;
}

export interface Demo {
  baseUrl: string;
  stripeUrl: string;
  /** The demo shop on the origin that main's sandbox key lists, and on one that it does not. */
  shopUrl: string;
  foreignShopUrl: string;
  /** Where the merchant app is. */
  appUrl: string;
  /** The owner of main, and the link that signs them in once: one test uses it. */
  appOwner: { email: string; signInUrl: string };
  /** Where Stripe sends its test events, and what they are signed with. */
  stripeEvents: { url: string; secret: string };
  main: DemoPair;
  onboarding: DemoPair;
}

/** The running copy's demo data. Throws where it lacks what the tests need. */
export function readDemo(): Demo {
  const demo = demoSchema.parse(JSON.parse(readFileSync(inject('demoFile'), 'utf8')));
  const { main, onboarding } = demo.workspaces;
  if (!main || !onboarding) throw new Error('demo.json lacks the workspace main or onboarding');
  return {
    baseUrl: demo.base_url,
    stripeUrl: demo.stripe_url,
    shopUrl: demo.shop_url,
    foreignShopUrl: demo.foreign_shop_url,
    appUrl: demo.app_url,
    appOwner: { email: demo.app_owner.email, signInUrl: demo.app_owner.sign_in_url },
    stripeEvents: demo.stripe_events.test,
    main,
    onboarding,
  };
}

const log = z.object({ data: z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string() })) });

/** The events that have arrived at a workspace's endpoint about this Stripe session. */
export async function webhooksOf(owner: DemoSide, stripeSessionId: string) {
  const response = await fetch(`${owner.webhook.url}/log`);
  const { data } = log.parse(await response.json());
  return data.filter((request) => request.body.includes(stripeSessionId));
}
