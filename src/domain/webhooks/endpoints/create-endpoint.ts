import { decryptSecret, encryptSecret } from '../../../core/crypto.ts';
import { ApiError } from '../../../core/errors.ts';
import { newWebhookEndpointId } from '../../../core/ids.ts';
import { newWebhookSecret } from '../../../core/webhook-signature.ts';
import { insertWebhookEndpoint, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';

/** How many endpoints a workspace may have. */
const MAX_ENDPOINTS = 20;

/** Where a workspace wants its events sent, checked by the caller. `events`: `["*"]`, which is the default, or types. */
export type NewEndpoint = Pick<WebhookEndpoint, 'url'> &
  Partial<Pick<WebhookEndpoint, 'events' | 'description' | 'metadata'>>;

/** What an endpoint is unless it says otherwise. */
const DEFAULTS = {
  description: null,
  status: 'enabled',
  disabledReason: null,
  sealedPreviousSecret: null,
  previousSecretValidUntil: null,
  failingSince: null,
  disabledAt: null,
  secretOperationId: null,
} as const satisfies Partial<WebhookEndpoint>;

/**
 * A new webhook endpoint of the workspace, and its signing secret, which is kept encrypted, bound to workspace and endpoint.
 * `id`: one derived from an operation makes the call repeatable, since an endpoint that has the id already is answered as it
 * is. Throws `validation_failed` where the workspace has 20 endpoints.
 */
export async function createEndpoint(
  context: Context,
  input: NewEndpoint,
  id = newWebhookEndpointId(context.shard),
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const { database, workspace } = context;
  const now = context.now();
  const keyring = await context.keyring();
  const bound = [workspace.id, id];
  const sealedSecret = await encryptSecret(keyring, newWebhookSecret(), bound);
  const defaults = { ...DEFAULTS, events: ['*'], metadata: {} };
  const endpoint = await insertWebhookEndpoint(
    database,
    { ...defaults, ...input, id, workspaceId: workspace.id, sealedSecret, createdAt: now, updatedAt: now },
    MAX_ENDPOINTS,
    auditOf(context, 'webhook_endpoint.create', id),
  );
  if (!endpoint) {
    throw new ApiError(
      'validation_failed',
      `A workspace has at most ${MAX_ENDPOINTS} webhook endpoints. Delete one, or change the url of one.`,
    );
  }
  return { endpoint, secret: await decryptSecret(keyring, endpoint.sealedSecret, bound) };
}
