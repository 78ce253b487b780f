import { app } from './app.ts';
import { runCron } from './cron/run-cron.ts';
import { type Bindings, type DeliveryMessage, requireConfig } from './env.ts';
import { deliverWebhooks, recordDeadLetters } from './queue/deliver-webhooks.ts';

export { ShardCron } from './cron/run-cron.ts';
export { LinkGate } from './objects/link-gate.ts';
export { WorkspaceGate } from './objects/workspace-gate.ts';

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import('./index.ts');
    }
  }
}

export default {
  fetch: app.fetch,

  async queue(batch, env, execution) {
    if (batch.queue.endsWith('dead-letters')) recordDeadLetters(batch);
    else await deliverWebhooks(batch, env, requireConfig(env), execution);
  },

  async scheduled(_controller, env, execution) {
    await runCron(env, (shard) => execution.exports.ShardCron.run(shard));
  },
} satisfies ExportedHandler<Bindings, DeliveryMessage>;
