import { app } from './app.ts';
import { logLine } from './core/log.ts';
import { runCronJobs } from './cron/jobs.ts';
import { type Bindings, type Config, configOf, type DeliveryMessage } from './env.ts';
import { deliverWebhooks, recordDeadLetters } from './queue/deliver-webhooks.ts';

export { LinkGate } from './objects/link-gate.ts';
export { WorkspaceGate } from './objects/workspace-gate.ts';

/** The configuration for queue and cron. Logs and throws its faults, because there is no caller to answer. */
function requireConfig(env: Bindings): Config {
  const parsed = configOf(env);
  if (parsed.ok) return parsed.config;
  logLine('error', 'configuration', { faults: parsed.faults });
  throw new Error(`Configuration: ${parsed.faults.join('; ')}`);
}

export default {
  fetch: app.fetch,

  async queue(batch, env, execution) {
    if (batch.queue.endsWith('dead-letters')) recordDeadLetters(batch);
    else await deliverWebhooks(batch, env, requireConfig(env), execution);
  },

  async scheduled(_controller, env) {
    await runCronJobs(env, requireConfig(env));
  },
} satisfies ExportedHandler<Bindings, DeliveryMessage>;
