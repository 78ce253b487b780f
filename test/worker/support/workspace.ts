import { env, exports } from 'cloudflare:workers';
import type { Mode } from '../../../src/core/api-keys.ts';
import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { boundShards } from '../../../src/core/shards.ts';
import type { Database } from '../../../src/db/client.ts';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { findPair, findWorkspace, type Workspace } from '../../../src/db/workspaces.ts';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { type Context, inWorkspace, type PlatformContext } from '../../../src/domain/context.ts';
import { issueKey } from '../../../src/domain/keys/issue-key.ts';
import { type CreateLink, createLink } from '../../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { createNewPair } from '../../../src/domain/workspaces/create-pair.ts';
import { makeContext } from '../../../src/make-context.ts';
import { configFor } from './direct.ts';
import { documented } from './documented.ts';
import { bindingOf, nextShard } from './shards.ts';
import { control, sinkUrl } from './simulator.ts';

export const BASE = 'http://localhost:8787/api/v1/services/payments';

/** What an operator's command works with, in one database. */
export function operatorContext(shard = DEFAULT_SHARD): PlatformContext {
  const operator = { shard, actor: { kind: 'operator' }, requestId: null } as const;
  return makeContext(env, configFor(env), operator);
}

/** The same of one workspace, as it is stored now. */
export async function contextOf({ id }: Pick<Workspace, 'id'>): Promise<Context> {
  for (const { shard } of boundShards(env)) {
    const platform = operatorContext(shard);
    const found = await findWorkspace(platform.database, id);
    if (found) return inWorkspace(platform, found);
  }
  throw new Error(`There is no workspace ${id}`);
}

export interface TestWorkspace {
  readonly workspace: Workspace;
  readonly mode: Mode;
  /** Of the database in which the workspace is. */
  readonly shard: string;
  readonly database: Database;
  /** The same database, for SQL as text. */
  readonly binding: D1Database;
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
  /** Where a new pair is made. Without it, the databases take turns. */
  readonly shard?: string;
}

/** A workspace of its own for one test: account at the simulator, key, and an endpoint at its own sink. */
export async function newWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const { mode = 'sandbox', account = 'ready', webhook = true } = options;
  const shard = options.pairOf?.shard ?? options.shard ?? nextShard();
  const operator = operatorContext(shard);
  const { [mode]: workspace } = options.pairOf
    ? await pairOf(options.pairOf)
    : await createNewPair(operator, 'Northlight Studio');
  const stripeAccount = account === 'none' ? null : await connect(workspace, mode, account === 'ready');
  const context = await contextOf(workspace);
  const issue: TestWorkspace['issue'] = async (wanted = {}) => {
    const { key, secret } = await issueKey(context, {
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
    shard,
    database: operator.database,
    binding: bindingOf(shard),
    account: stripeAccount,
    key: (await issue()).secret,
    sink,
    webhookSecret,
    issue,
    link: (link = {}) =>
      createLink(context, {
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

async function pairOf({ database, workspace: { id } }: TestWorkspace): Promise<Record<Mode, Workspace>> {
  const pair = await findPair(database, id);
  const [live, sandbox] = [pair.find(({ mode }) => mode === 'live'), pair.find(({ mode }) => mode === 'sandbox')];
  if (!live || !sandbox) throw new Error(`Workspace ${id} has no pair`);
  return { live, sandbox };
}

async function connect(workspace: Workspace, mode: Mode, ready: boolean): Promise<string> {
  const id = `acct_${workspace.id.replaceAll('-', '').slice(0, 16)}`;
  const livemode = mode === 'live';
  await control('POST', '/accounts', { id, livemode, charges_enabled: ready, details_submitted: ready });
  await attachAccount(await contextOf(workspace), plainAccount(id, ready));
  return id;
}

async function addSink(workspace: Workspace, sink: string): Promise<string> {
  const url = sinkUrl(sink);
  const { secret } = await createEndpoint(await contextOf(workspace), { url });
  return secret;
}

/** A body that makes a session as it stands. */
export const SESSION = {
  amount: 49.99,
  currency: 'gbp',
  success_url: 'https://yoursite.com/pay/success',
  cancel_url: 'https://yoursite.com/pay/cancel',
} as const;

/** Text and bytes are sent as they are, all else as JSON. */
export function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/**
 * One call to the server API through the real Worker. `body` undefined: none; a string is sent as it is. The answer is
 * held to the OpenAPI document.
 */
export async function call(
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const url = `${BASE}${path}`;
  const response = await exports.default.fetch(url, {
    method,
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined || body instanceof Uint8Array ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bodyOf(body) }),
  });
  return await documented(method, url, response);
}
