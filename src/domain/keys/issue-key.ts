import { type ApiKeyKind, apiKeyDisplay, hashApiKey, newApiKey } from '../../core/api-keys.ts';
import { newApiKeyId } from '../../core/ids.ts';
import { type ApiKey, insertApiKey } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';

export interface IssueKey {
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Public keys only: the origins whose pages may use it. */
  readonly allowedOrigins: readonly string[];
  readonly rateLimitPerMinute: number;
}

/** A new key of the workspace's mode. `secret` is the whole key: it is shown here once and kept only as its SHA-256. */
export async function issueKey(context: Context, input: IssueKey): Promise<{ key: ApiKey; secret: string }> {
  const { database, shard, workspace } = context;
  const secret = newApiKey({ kind: input.kind, mode: workspace.mode, shard });
  const { prefix, last4 } = apiKeyDisplay(secret);
  const now = context.now();
  const key: ApiKey = {
    id: newApiKeyId(shard),
    workspaceId: workspace.id,
    kind: input.kind,
    name: input.name,
    prefix,
    last4,
    keyHash: await hashApiKey(secret),
    scopes: [...input.scopes],
    allowedOrigins: [...input.allowedOrigins],
    rateLimitPerMinute: input.rateLimitPerMinute,
    createdAt: now,
    revokedAt: null,
  };
  await insertApiKey(database, key, auditOf(context, 'api_key.issue', key.id));
  return { key, secret };
}
