import { type ApiKeyKind, apiKeyDisplay, hashApiKey, newApiKey } from '../../core/api-keys.ts';
import { newApiKeyId } from '../../core/ids.ts';
import { type ApiKey, insertApiKey } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';

/** The API key that an operator asks for. */
export interface IssueKey {
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly scopes: readonly string[];
  /** For a public key: the origins of the pages that may use the key. */
  readonly allowedOrigins: readonly string[];
  readonly rateLimitPerMinute: number;
}

/** Creates an API key in the workspace's mode. `secret`: the whole key; only its SHA-256 is stored. */
export async function issueKey(context: Context, input: IssueKey): Promise<{ key: ApiKey; secret: string }> {
  const { database, shard, workspace } = context;
  const secret = newApiKey({ kind: input.kind, mode: workspace.mode, shard });
  const key: ApiKey = {
    id: newApiKeyId(shard),
    workspaceId: workspace.id,
    ...input,
    scopes: [...input.scopes],
    allowedOrigins: [...input.allowedOrigins],
    ...apiKeyDisplay(secret),
    keyHash: await hashApiKey(secret),
    createdAt: context.now(),
    revokedAt: null,
  };
  await insertApiKey(database, key, auditOf(context, 'api_key.issue', key.id));
  return { key, secret };
}
