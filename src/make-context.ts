import type { Mode } from './core/api-keys.ts';
import { unavailable } from './core/errors.ts';
import { describeError, logLine } from './core/log.ts';
import { madeOnce } from './core/made-once.ts';
import { resultSigner } from './core/result-signature.ts';
import { databaseOf, openDatabase, openDatabases } from './db/client.ts';
import type { PlatformContext } from './domain/context.ts';
import { type Config, type DeliveryMessage, keyringOf, type SharedBindings } from './env.ts';
import { gateOf, linkGateOf } from './objects/gate-client.ts';
import { stripeGateway } from './stripe/client.ts';
import type { StripeGateway } from './stripe/gateway.ts';

/** How many messages one `sendBatch` takes: the platform's limit. */
const BATCH = 100;
/** The platform's longest delay of a message: 12 hours. */
const MAX_DELAY_SECONDS = 43_200;

/**
 * Makes the context of use cases in one shard for HTTP requests, queue messages and cron jobs, from bindings and
 * configuration. `inWorkspace` (domain/context.ts) turns it into the context of one workspace. Throws
 * `service_unavailable` if no database is bound for the shard.
 */
export function makeContext(
  env: SharedBindings,
  config: Config,
  caller: Pick<PlatformContext, 'shard' | 'actor' | 'requestId'>,
): PlatformContext {
  const { shard, requestId } = caller;
  const database = databaseOf(env, shard);
  if (!database) throw unavailable(`No database is bound for the shard ${shard}.`);
  return {
    ...configuredPart(config),
    ...caller,
    database,
    directory: openDatabase(env.DB),
    databases: openDatabases(env),
    now: () => Date.now(),
    gateOf: (workspaceId) => gateOf(env.WORKSPACE_GATE, workspaceId),
    linkGate: (token) => linkGateOf(env.LINK_GATE, token),
    wake: (ids) =>
      send(
        env.DELIVERIES,
        ids.map((deliveryId) => ({ body: { deliveryId } })),
        requestId,
      ),
    wakeLater: (wakes) => {
      const now = Date.now();
      const delaySeconds = (at: number) => Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((at - now) / 1000)));
      const messages = wakes.map(({ deliveryId, at }) => ({ body: { deliveryId }, delaySeconds: delaySeconds(at) }));
      return send(env.RETRIES, messages, requestId);
    },
  };
}

type ConfiguredPart = Pick<
  PlatformContext,
  'stripeOf' | 'keyring' | 'resultSigner' | 'webhookUrlRules' | 'publicUrl' | 'auditDays' | 'connectDashboard'
>;

/**
 * The `stripeOf` of a context. Makes one gateway for each mode. `beforeCall` runs before each HTTP request to Stripe; if
 * it throws, the request is not sent.
 */
export function gatewaysOf(config: Config, beforeCall?: () => void): PlatformContext['stripeOf'] {
  const gateways = new Map<Mode, StripeGateway>();
  return (mode) => {
    const credentials = config.stripe[mode];
    if (!credentials) throw unavailable(`This service is not set up for ${mode} payments.`);
    const gateway = gateways.get(mode) ?? stripeGateway(config.stripeApiBase, credentials.secretKey, beforeCall);
    gateways.set(mode, gateway);
    return gateway;
  };
}

/** The members of a context that depend on the configuration alone, made once for each configuration. */
const configuredPart = madeOnce((config: Config): ConfiguredPart => {
  return {
    stripeOf: gatewaysOf(config),
    keyring: () => keyringOf(config),
    resultSigner: () => resultSigner(config.secretsKey),
    webhookUrlRules: { allowLocal: config.allowLocalWebhooks, ownOrigins: [config.publicUrl] },
    publicUrl: config.publicUrl,
    connectDashboard: config.connectDashboard,
    auditDays: config.auditDays,
  };
});

/** Sends queue messages. A send that fails is logged; the sweep later queues the deliveries of its messages. */
async function send(
  queue: Queue<DeliveryMessage>,
  messages: readonly MessageSendRequest<DeliveryMessage>[],
  requestId: string | null,
): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    const part = messages.slice(start, start + BATCH);
    try {
      await queue.sendBatch(part);
    } catch (error) {
      logLine('error', 'deliveries not queued', {
        request_id: requestId,
        count: part.length,
        error: describeError(error),
      });
    }
  }
}
