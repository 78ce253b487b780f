import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../local/files.ts';
import { ScriptError } from '../local/script-error.ts';

const seededWorkspaceSchema = z.object({
  workspaceId: z.string(),
  /** The simulated account; null: the workspace has none. */
  account: z.string().nullable(),
  keys: z.object({
    all: z.string(),
    readonly: z.string(),
    none: z.string(),
    throttled: z.string().optional(),
    public_keys: z.string().optional(),
  }),
  publicKey: z.object({ id: z.string(), key: z.string() }),
  endpoint: z.object({ id: z.string(), secret: z.string() }),
  links: z.object({ fixed: z.string(), open: z.string() }),
});
const seededPairSchema = z.object({ live: seededWorkspaceSchema, sandbox: seededWorkspaceSchema });
const seededSchema = z.object({
  main: seededPairSchema,
  other: seededPairSchema,
  unconnected: seededPairSchema,
  onboarding: seededPairSchema,
  suspended: seededPairSchema,
});
const stripeSecretsSchema = z.object({ secretKey: z.string(), webhookSecret: z.string() });
const localSecretsSchema = z.object({
  secretsKey: z.string(),
  operatorToken: z.string(),
  /** The platform's keys at the simulator, and the secrets that the simulator signs Stripe events with. */
  stripe: z.object({ test: stripeSecretsSchema, live: stripeSecretsSchema }),
  /** null until the demo workspaces are in the database. */
  seeded: seededSchema.nullable(),
});

export type SeededWorkspace = z.output<typeof seededWorkspaceSchema>;
export type Seeded = z.output<typeof seededSchema>;
export type LocalSecrets = z.output<typeof localSecretsSchema>;

function localSecretsPath(stateDir: string): string {
  return join(stateDir, 'demo-secrets.json');
}

function newLocalSecrets(): LocalSecrets {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const stripe = (mode: 'test' | 'live') => ({
    secretKey: `sk_${mode}_simulated${hex(16)}`,
    webhookSecret: `whsec_${hex(24)}`,
  });
  return {
    secretsKey: randomBytes(32).toString('base64'),
    operatorToken: hex(24),
    stripe: { test: stripe('test'), live: stripe('live') },
    seeded: null,
  };
}

/** The secrets of a local copy, kept between runs. Makes them if there are none. Throws ScriptError for a damaged file. */
export function loadLocalSecrets(stateDir: string): LocalSecrets {
  const path = localSecretsPath(stateDir);
  if (!existsSync(path)) {
    const made = newLocalSecrets();
    saveLocalSecrets(stateDir, made);
    return made;
  }
  try {
    return localSecretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new ScriptError(`${path} cannot be read. Delete it. The next start makes new demo workspaces.`, { cause });
  }
}

export function saveLocalSecrets(stateDir: string, secrets: LocalSecrets): void {
  writeFileAtomically(localSecretsPath(stateDir), `${JSON.stringify(secrets, null, 2)}\n`);
}
