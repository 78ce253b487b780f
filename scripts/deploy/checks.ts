import { shardOfBinding } from '../../src/core/shards.ts';
import { isLoopbackUrl } from '../../src/core/urls.ts';
import { isPlaceholderId } from '../local/settings.ts';
import type { BoundDatabase, NamedWorker, WorkerConfig } from './worker-config.ts';

/** A Worker that is to be deployed. */
export interface Deployment {
  /** The environment in wrangler.toml; null for the top level, which is production. */
  readonly environment: string | null;
  readonly config: WorkerConfig;
  /** The top level of wrangler.toml. */
  readonly production: WorkerConfig;
}

/** The Worker distinguishes its queues by the ends of their names. */
const QUEUE_NAME = /-(deliveries|retries|dead-letters)$/;

/** The secrets of the API. */
export const SECRETS: readonly string[] = [
  'SECRETS_KEY',
  'OPERATOR_TOKEN',
  'STRIPE_SECRET_KEY_LIVE',
  'STRIPE_SECRET_KEY_TEST',
  'STRIPE_WEBHOOK_SECRET_LIVE',
  'STRIPE_WEBHOOK_SECRET_TEST',
  'TURNSTILE_SECRET_KEY',
];

/** The faults that prevent a deployment, each with what to do about it. Empty: nothing prevents it. */
export function deploymentFaults(deployment: Deployment): string[] {
  return [
    ...variableFaults(deployment),
    ...databaseFaults(deployment),
    ...queueFaults(deployment.config),
    ...(deployment.environment === null ? [] : environmentFaults(deployment)),
  ];
}

function variableFaults({ environment, config: { vars } }: Deployment): string[] {
  const section = environment === null ? '[vars]' : `[env.${environment}.vars]`;
  const option = environment === null ? '' : ` --env ${environment}`;
  const faults: string[] = [];
  const publicUrl = typeof vars.PUBLIC_URL === 'string' ? vars.PUBLIC_URL : '';
  if (!publicUrl.startsWith('https://') || !URL.canParse(publicUrl) || isLoopbackUrl(publicUrl)) {
    faults.push(`PUBLIC_URL: set your public https address under ${section} in wrangler.toml.`);
  }
  if (String(vars.ALLOW_LOCAL_WEBHOOKS) === 'true') {
    faults.push('ALLOW_LOCAL_WEBHOOKS: remove it. It is only for a PUBLIC_URL on localhost.');
  }
  for (const secret of SECRETS.filter((name) => name in vars)) {
    faults.push(`${secret}: it is a secret, not a variable. Use \`npx wrangler secret put ${secret}${option}\`.`);
  }
  return faults;
}

function databaseFaults({ config: { databases } }: Deployment): string[] {
  const unknown = databases.filter(({ binding }) => shardOfBinding(binding) === null);
  const missing = databases.filter(({ id }) => isPlaceholderId(id));
  const byId = Map.groupBy(
    databases.filter(({ id }) => !isPlaceholderId(id)),
    ({ id }) => id,
  );
  const doubled = [...byId.values()].filter((same) => same.length > 1);
  return [
    ...(databases.some(({ binding }) => binding === 'DB')
      ? []
      : ['DB: no database is bound under this name. Bind one.']),
    ...unknown.map(({ binding }) => `${binding}: a database must be bound as DB, or as DB_1 to DB_9.`),
    ...missing.map(
      ({ binding, name }) =>
        `database_id of ${binding}: run \`npx wrangler d1 create ${name}\` and put its id into wrangler.toml.`,
    ),
    ...doubled.map(
      (same) => `${same.map(({ binding }) => binding).join(' and ')} are one database: give each its own database_id.`,
    ),
  ];
}

/**
 * What is wrong with databases that the deployed Worker has and the new one would not have. Their workspaces could not
 * be reached: requests with their keys would be answered 401.
 */
export function removedDatabaseFaults(config: WorkerConfig, deployed: readonly BoundDatabase[]): string[] {
  return deployed.flatMap(({ binding, id }) => {
    const now = config.databases.find((database) => database.binding === binding);
    if (now?.id === id) return [];
    const change = now ? `wrangler.toml gives it another one, ${now.id}` : 'wrangler.toml no longer binds it';
    return [`${binding}: the deployed Worker has the database ${id}, and ${change}. Put ${id} back.`];
  });
}

function queueFaults({ reads, sendsTo }: WorkerConfig): string[] {
  const read = reads.map(({ queue }) => queue);
  const used = [...sendsTo.map(({ queue }) => queue), ...reads.flatMap(({ deadLetters }) => deadLetters ?? [])];
  const unread = [...new Set(used)].filter((queue) => !read.includes(queue));
  return [
    ...unread.map((queue) => `${queue}: nothing reads this queue. Add a consumer for it to wrangler.toml.`),
    ...read
      .filter((queue) => !QUEUE_NAME.test(queue))
      .map((queue) => `${queue}: the name of a queue must end with -deliveries, -retries or -dead-letters.`),
  ];
}

/** What a named environment lacks, because environments inherit no bindings, and what it must not share with production. */
function environmentFaults({ environment, config, production }: Deployment): string[] {
  const section = `[env.${environment}]`;
  const ownDatabases = production.databases.map(({ binding }) => binding).filter((binding) => binding !== 'DB');
  const lacking = production.bindings.filter(
    (binding) => !config.bindings.includes(binding) && !ownDatabases.includes(binding),
  );
  const ids = config.databases.map(({ id }) => id).filter((id) => !isPlaceholderId(id));
  const sharedDatabases = production.databases.filter(({ id }) => ids.includes(id));
  const queues = new Set([...config.sendsTo, ...config.reads].map(({ queue }) => queue));
  const sharedQueues = production.reads.filter(({ queue }) => queues.has(queue));
  return [
    ...lacking.map((name) => `${section} lacks the binding ${name}: copy it from the top of wrangler.toml.`),
    ...inheritedFaults(section, config, { ...production, crons: ['* * * * *'] }),
    ...sharedDatabases.map(({ name }) => `${section} uses the database of production, ${name}: create another one.`),
    ...sharedQueues.map(({ queue }) => `${section} uses the queue of production, ${queue}: create another one.`),
  ];
}

/**
 * What a Worker of an environment must not share with production, and the cron that it lacks: wrangler lets environments
 * inherit routes. `section`: where the environment stands, for the messages.
 */
export function inheritedFaults(section: string, own: NamedWorker, production: NamedWorker): string[] {
  const sharedRoutes = production.routes.filter((route) => own.routes.includes(route));
  const [cron] = own.crons.length === 0 ? production.crons : [];
  return [
    ...(cron === undefined ? [] : [`${section} has no cron: its triggers must have \`${cron}\`.`]),
    ...(own.name === production.name ? [`${section} has the Worker name of production: remove its \`name\`.`] : []),
    ...sharedRoutes.map((route) => `${section} has the route of production, ${route}: give it \`routes\` of its own.`),
  ];
}
