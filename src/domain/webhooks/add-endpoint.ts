import { encryptSecret, type SecretsKeyring } from '../../core/crypto.ts';
import { faultsError } from '../../core/errors.ts';
import { newWebhookEndpointId } from '../../core/ids.ts';
import { webhookUrlFault } from '../../core/urls.ts';
import { newWebhookSecret } from '../../core/webhook-signature.ts';
import { insertWebhookEndpoint, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

export interface AddEndpoint {
  readonly workspaceId: string;
  readonly url: string;
  /** `["*"]` or event types. */
  readonly events: readonly string[];
  readonly description: string | null;
}

/**
 * Registers where a workspace is told of its events. `secret` is shown here once; it is kept encrypted, bound to this
 * workspace and endpoint. Throws `validation_failed` for a URL that events must not be sent to.
 */
export async function addEndpoint(
  context: AdminContext,
  rules: { readonly keyring: SecretsKeyring; readonly allowLocal: boolean; readonly ownHosts: readonly string[] },
  input: AddEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const fault = webhookUrlFault(input.url, rules);
  if (fault) throw faultsError([{ path: 'url', code: 'validation_failed', message: fault }]);
  const id = newWebhookEndpointId(context.shard);
  const secret = newWebhookSecret();
  const now = context.now();
  const endpoint: WebhookEndpoint = {
    id,
    workspaceId: input.workspaceId,
    url: input.url,
    events: [...input.events],
    description: input.description,
    metadata: {},
    status: 'enabled',
    disabledReason: null,
    sealedSecret: await encryptSecret(rules.keyring, secret, [input.workspaceId, id]),
    sealedPreviousSecret: null,
    previousSecretValidUntil: null,
    failingSince: null,
    createdAt: now,
    updatedAt: now,
  };
  await insertWebhookEndpoint(
    context.database,
    endpoint,
    adminAudit(context, input.workspaceId, 'webhook_endpoint.create', id),
  );
  return { endpoint, secret };
}
