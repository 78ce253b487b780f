import { env, exports } from 'cloudflare:workers';
import type { Mode } from '../../../src/core/api-keys.ts';
import { parseSecretsKey } from '../../../src/core/crypto.ts';
import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { findPair, type Workspace } from '../../../src/db/workspaces.ts';
import { attachAccount } from '../../../src/domain/accounts/attach-account.ts';
import type { AdminContext } from '../../../src/domain/admin-context.ts';
import { issueKey } from '../../../src/domain/keys/issue-key.ts';
import { type CreateLink, createLink } from '../../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createPair } from '../../../src/domain/workspaces/create-pair.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { control } from './simulator.ts';

export const BASE = 'http://localhost:8787/api/v1/services/payments';

export function adminContext(): AdminContext {
  return { database: openDatabase(env.DB), shard: DEFAULT_SHARD, now: Date.now, actor: 'operator' };
}

export interface TestWorkspace {
  readonly workspace: Workspace;
  readonly mode: Mode;
  readonly database: Database;
  /** null: no account is connected. */
  readonly account: string | null;
  /** A key with `service.payments.*`, or the scopes that were asked for, and a high limit. */
  readonly key: string;
  readonly sink: string;
  readonly webhookSecret: string | null;
  issue(options?: {
    scopes?: readonly string[];
    rateLimitPerMinute?: number;
    kind?: 'secret' | 'public';
    allowedOrigins?: readonly string[];
  }): Promise<{ id: string; secret: string }>;
  link(link?: Partial<CreateLink>): Promise<PaymentLink>;
}

export interface WorkspaceOptions {
  readonly mode?: Mode;
  readonly account?: 'ready' | 'onboarding' | 'none';
  readonly webhook?: boolean;
  /** Of its keys, where a test does not ask for others. */
  readonly scopes?: readonly string[];
  /** The workspace whose pair has the new one: its sandbox, or its live side. Without it, a new pair is made. */
  readonly pairOf?: TestWorkspace;
}

/** A workspace of its own for one test: account at the simulator, key, and an endpoint at its own sink. */
export async function newWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const { mode = 'sandbox', account = 'ready', webhook = true } = options;
  const admin = adminContext();
  const { [mode]: workspace } = options.pairOf
    ? await pairOf(options.pairOf.workspace)
    : await createPair(admin, 'Northlight Studio');
  const stripeAccount = account === 'none' ? null : await connect(workspace, mode, account === 'ready');
  const issue: TestWorkspace['issue'] = async (wanted = {}) => {
    const { key, secret } = await issueKey(admin, workspace, {
      kind: wanted.kind ?? 'secret',
      name: 'test',
      scopes: wanted.scopes ?? options.scopes ?? ['service.payments.*'],
      allowedOrigins: wanted.allowedOrigins ?? [],
      rateLimitPerMinute: wanted.rateLimitPerMinute ?? 6000,
    });
    return { id: key.id, secret };
  };
  const sink = `sink-${workspace.id}`;
  const webhookSecret = webhook ? await addSink(workspace, sink) : null;
  return {
    workspace,
    mode,
    database: admin.database,
    account: stripeAccount,
    key: (await issue()).secret,
    sink,
    webhookSecret,
    issue,
    link: (link = {}) =>
      createLink(admin, workspace.id, {
        kind: 'link',
        title: 'Studio deposit',
        description: null,
        currency: 'GBP',
        amountMinor: 5000,
        minAmountMinor: null,
        showBusinessName: false,
        ...link,
      }),
  };
}

async function pairOf({ id }: Workspace): Promise<Record<Mode, Workspace>> {
  const pair = await findPair(openDatabase(env.DB), id);
  const [live, sandbox] = [pair.find(({ mode }) => mode === 'live'), pair.find(({ mode }) => mode === 'sandbox')];
  if (!live || !sandbox) throw new Error(`Workspace ${id} has no pair`);
  return { live, sandbox };
}

async function connect(workspace: Workspace, mode: Mode, ready: boolean): Promise<string> {
  const id = `acct_${workspace.id.replaceAll('-', '').slice(0, 16)}`;
  const livemode = mode === 'live';
  await control('POST', '/accounts', { id, livemode, charges_enabled: ready, details_submitted: ready });
  await attachAccount(adminContext(), workspace.id, { id, chargesEnabled: ready, detailsSubmitted: ready });
  return id;
}

async function addSink(workspace: Workspace, sink: string): Promise<string> {
  const keyring = await parseSecretsKey(SIMULATED.variables.SECRETS_KEY);
  const url = `${SIMULATED.stripeUrl}/sink/${sink}`;
  const { secret } = await createEndpoint(adminContext(), keyring, workspace.id, { url });
  return secret;
}

/** A body that makes a session as it stands. */
export const SESSION = {
  amount: 49.99,
  currency: 'gbp',
  success_url: 'https://yoursite.com/pay/success',
  cancel_url: 'https://yoursite.com/pay/cancel',
} as const;

/** One call to the server API through the real Worker. `body` undefined: none; a string is sent as it is. */
export async function call(
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await exports.default.fetch(`${BASE}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
