import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from './files.ts';

export const DEMO_WORKSPACES = ['main', 'other', 'unconnected', 'onboarding', 'suspended'] as const;
export type DemoWorkspaceName = (typeof DEMO_WORKSPACES)[number];

const demoWorkspaceSchema = z.object({
  workspace_id: z.string(),
  account: z.string().nullable(),
  keys: z.object({
    all: z.string(),
    readonly: z.string(),
    none: z.string(),
    throttled: z.string().optional(),
    public_keys: z.string().optional(),
  }),
  public_key: z.string(),
  allowed_origin: z.string(),
  webhook: z.object({ url: z.string(), secret: z.string() }),
  links: z.object({ fixed: z.string(), open: z.string() }),
});
const pairSchema = z.object({ live: demoWorkspaceSchema, sandbox: demoWorkspaceSchema });
const stripeEventsSchema = z.object({ url: z.string(), secret: z.string() });
const demoFileSchema = z.object({
  base_url: z.string(),
  stripe_url: z.string(),
  sink_url: z.string(),
  /** Two pages with the widget: on the origin that main's sandbox key lists, and on another. */
  shop_url: z.string(),
  foreign_shop_url: z.string(),
  /** Where the merchant app is. */
  app_url: z.string(),
  /** The owner of `main`, and a link that signs them in once. */
  app_owner: z.object({ email: z.string(), sign_in_url: z.string() }),
  stripe_events: z.object({ test: stripeEventsSchema, live: stripeEventsSchema }),
  workspaces: z.object({
    main: pairSchema,
    other: pairSchema,
    unconnected: pairSchema,
    onboarding: pairSchema,
    suspended: pairSchema,
  }),
});

export type DemoWorkspace = z.output<typeof demoWorkspaceSchema>;
export type DemoFile = z.output<typeof demoFileSchema>;

/** The path of demo.json: the addresses of a running copy, and the keys of its demo workspaces. */
export function demoFilePath(stateDir: string): string {
  return join(stateDir, 'demo.json');
}

/** The demo.json of the copy with this state directory; null if there is none. */
export function readDemoFile(stateDir: string): DemoFile | null {
  try {
    return demoFileSchema.parse(JSON.parse(readFileSync(demoFilePath(stateDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Writes demo.json. Only its owner can read it: it contains keys. */
export function writeDemoFile(stateDir: string, demo: DemoFile): void {
  writeFileAtomically(demoFilePath(stateDir), `${JSON.stringify(demo, null, 2)}\n`);
}
