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
  /** Pages with the widget: on the listed origin of main's sandbox key, and on another. */
  shop_url: z.string(),
  foreign_shop_url: z.string(),
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

/** Where a running copy says how it is reached and which keys its demo workspaces have. */
export function demoFilePath(stateDir: string): string {
  return join(stateDir, 'demo.json');
}

/** What the copy with this state directory wrote when it was ready, or null where none is running there. */
export function readDemoFile(stateDir: string): DemoFile | null {
  try {
    return demoFileSchema.parse(JSON.parse(readFileSync(demoFilePath(stateDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Writes it in one step, readable by its owner only: it holds keys. */
export function writeDemoFile(stateDir: string, demo: DemoFile): void {
  writeFileAtomically(demoFilePath(stateDir), `${JSON.stringify(demo, null, 2)}\n`);
}
