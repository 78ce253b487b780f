import { decryptSecret, encryptSecret } from '../../../core/crypto.ts';
import { ApiError } from '../../../core/errors.ts';
import { newWebhookEndpointId } from '../../../core/ids.ts';
import { newWebhookSecret } from '../../../core/webhook-signature.ts';
import { insertWebhookEndpoint, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';

/** How many endpoints a workspace may have. */
const MAX_ENDPOINTS = 20;

/** A webhook endpoint to create, checked by the caller. `events`: event types, or `["*"]` (the default) for all. */
export type NewEndpoint = Pick<WebhookEndpoint, 'url'> &
  Partial<Pick<WebhookEndpoint, 'events' | 'description' | 'metadata'>>;

/** The values of a new endpoint for members that the request leaves out or cannot set. */
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
 * Creates a webhook endpoint in the workspace, and its signing secret, which is stored encrypted. `id`: random by
 * default. An id derived from an operation makes the call repeatable: if an endpoint already has the id, that endpoint
 * is returned, nothing is written, and `isRepeated` is true. Throws `limit_reached` if the workspace has 20 endpoints.
 */
export async function createEndpoint(
  context: Context,
  input: NewEndpoint & { readonly id?: string },
): Promise<{ endpoint: WebhookEndpoint; secret: string; isRepeated: boolean }> {
  const { database, workspace } = context;
  const { id = newWebhookEndpointId(context.shard) } = input;
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
      'limit_reached',
      `A workspace has at most ${MAX_ENDPOINTS} webhook endpoints. Delete one, or change the url of one.`,
    );
  }
  const secret = await decryptSecret(keyring, endpoint.sealedSecret, bound);
  return { endpoint, secret, isRepeated: endpoint.sealedSecret !== sealedSecret };
}
