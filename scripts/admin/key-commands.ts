import type { Mode } from '../../src/core/api-keys.ts';
import { canonicalOrigin, originFault } from '../../src/core/origins.ts';
import { isGrantable, SCOPES, SERVICE_WILDCARD } from '../../src/core/scopes.ts';
import { type ApiKey, listApiKeys } from '../../src/db/api-keys.ts';
import { type IssueKey, issueKey } from '../../src/domain/keys/issue-key.ts';
import { revokeKey } from '../../src/domain/keys/revoke-key.ts';
import type { Style } from '../local/style.ts';
import { didYouMean } from './closest.ts';
import { type Command, type CommandInput, parameter, usageError } from './command.ts';
import { keyJson, table } from './present.ts';
import { shardOfId, workspaceContext } from './shards.ts';

const DEFAULT_RATE_PER_MINUTE = 60;
const DEFAULT_SCOPES = [SERVICE_WILDCARD];
const MAX_RATE_PER_MINUTE = 1_000_000;

function rateOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RATE_PER_MINUTE;
  const rate = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (rate < 1 || rate > MAX_RATE_PER_MINUTE) {
    throw usageError(`--rate must be a whole number of requests a minute, from 1 to ${MAX_RATE_PER_MINUTE}.`);
  }
  return rate;
}

function secretKeyGrants({ scope, origin }: CommandInput['options']): Pick<IssueKey, 'scopes' | 'allowedOrigins'> {
  if (origin) throw usageError('--origin is for public keys: a secret key is never used in a browser.');
  const scopes = scope ?? DEFAULT_SCOPES;
  const unknown = scopes.find((text) => !isGrantable(text));
  if (unknown !== undefined) {
    const known = [SERVICE_WILDCARD, ...SCOPES];
    const hint = didYouMean(unknown, known);
    throw usageError(`There is no scope ${unknown}.${hint} The scopes are: ${known.join(', ')}.`);
  }
  return { scopes, allowedOrigins: [] };
}

function publicKeyGrants(
  { scope, origin = [] }: CommandInput['options'],
  mode: Mode,
): Pick<IssueKey, 'scopes' | 'allowedOrigins'> {
  if (scope)
    throw usageError('--scope is for secret keys: a public key only opens checkouts on the pages of its --origin.');
  if (origin.length === 0)
    throw usageError('A public key needs at least one --origin, for example https://shop.example.');
  for (const entry of origin) {
    const fault = originFault(entry, { sandbox: mode === 'sandbox' });
    if (fault) throw usageError(`--origin ${entry} ${fault}`);
  }
  return { scopes: [], allowedOrigins: [...new Set(origin.map(canonicalOrigin))] };
}

/** Checks the options of `key issue` against the workspace's mode. Throws ScriptError with the code `usage`. */
export function issueKeyOf(options: CommandInput['options'], mode: Mode): IssueKey {
  const kind = options.kind ?? 'secret';
  if (kind !== 'secret' && kind !== 'public') throw usageError('--kind must be secret or public.');
  return {
    kind,
    name: options.name?.trim() || (kind === 'secret' ? 'Secret key' : 'Public key'),
    ...(kind === 'secret' ? secretKeyGrants(options) : publicKeyGrants(options, mode)),
    rateLimitPerMinute: rateOf(options.rate),
  };
}

function listText(keys: readonly Omit<ApiKey, 'keyHash'>[], style: Style): string {
  if (keys.length === 0) return 'This workspace has no keys. Make one with `key issue <workspace-id>`.';
  const rows = keys.map((key) => [
    key.id,
    `${key.prefix}…${key.last4}`,
    `${key.rateLimitPerMinute}/min`,
    key.revokedAt === null ? key.name : `${key.name} (revoked)`,
  ]);
  const lines = table(rows).split('\n');
  return keys
    .map((key, index) => {
      const grants = key.kind === 'secret' ? key.scopes : key.allowedOrigins;
      const line = lines[index] ?? '';
      const shown = key.revokedAt === null ? line : style.dim(line);
      return `${shown}\n${style.dim(`  ${grants.join(', ') || 'no scope'}`)}`;
    })
    .join('\n');
}

export const keyCommands: readonly Command[] = [
  {
    words: 'key issue',
    parameters: ['<workspace-id>'],
    options: ['kind', 'name', 'scope', 'origin', 'rate'],
    summary: 'Makes a key and shows it once.',
    details:
      'A secret key has the scope service.payments.*, or those of --scope. A public key needs the --origin of each page.',
    example: "6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 --scope 'service.payments.*' --rate 600",
    run: async (tools, input) => {
      const { style } = tools;
      const owner = await workspaceContext(tools, parameter(input, 0));
      const { workspace } = owner;
      const { key, secret } = await issueKey(owner, issueKeyOf(input.options, workspace.mode));
      const { revoked_at: _, ...issued } = keyJson(key);
      const grants = key.kind === 'secret' ? key.scopes : key.allowedOrigins;
      return {
        json: { ...issued, key: secret },
        text: [
          `${style.good('✓')} ${key.name} for ${workspace.name} (${workspace.mode})`,
          table([
            ['  Id', key.id],
            ['  Allows', grants.join(', ')],
            ['  Rate', `${key.rateLimitPerMinute} a minute`],
          ]),
          `\n  ${style.bold(secret)}\n`,
          'Keep the key now: only its hash is stored, and it cannot be shown again.',
        ].join('\n'),
      };
    },
  },
  {
    words: 'key list',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Lists the keys of a workspace, newest first, without their secret parts.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: async (tools, input) => {
      const { database, workspace } = await workspaceContext(tools, parameter(input, 0));
      const keys = await listApiKeys(database, workspace.id);
      return { json: keys.map(keyJson), text: listText(keys, tools.style) };
    },
  },
  {
    words: 'key revoke',
    parameters: ['<key-id>'],
    options: [],
    summary: 'Revokes a key: the next request with it is refused.',
    example: 'key_0f3c2a1b9d4e5f60718293a4b5c',
    run: async (tools, input) => {
      const id = parameter(input, 0);
      const wasActive = await revokeKey(shardOfId(tools, id).context, id);
      return {
        json: { id, revoked: true, was_active: wasActive },
        text: wasActive ? `${tools.style.good('✓')} ${id} is revoked` : `${id} was already revoked`,
      };
    },
  },
];
