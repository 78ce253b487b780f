import { join } from 'node:path';
import * as z from 'zod';
import { readWranglerConfig } from '../local/wrangler-config.ts';

/** The addresses and the times at which a Worker is called, in a schema of its configuration. */
export const CALLS = {
  triggers: z.object({ crons: z.array(z.string()).default([]) }),
  route: z.unknown(),
  routes: z.array(z.unknown()).default([]),
};

const schema = z.object({
  name: z.string(),
  vars: z.record(z.string(), z.unknown()),
  d1_databases: z.array(
    z.object({ binding: z.string(), database_name: z.string().optional(), database_id: z.string().default('') }),
  ),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  ratelimits: z.array(z.object({ name: z.string() })),
  queues: z.object({
    producers: z.array(z.object({ binding: z.string(), queue: z.string() })).default([]),
    consumers: z.array(z.object({ queue: z.string(), dead_letter_queue: z.string().optional() })).default([]),
  }),
  assets: z.object({ directory: z.string(), binding: z.string() }),
  ...CALLS,
});

/** A D1 database and the name under which the Worker reaches it. */
export interface BoundDatabase {
  readonly binding: string;
  readonly id: string;
}

/** A Durable Object and the name under which the Worker reaches it. */
export interface BoundObject {
  readonly binding: string;
  readonly className: string;
}

/** A queue that is sent to, and the name under which the Worker reaches it. */
export interface BoundQueue {
  readonly binding: string;
  readonly queue: string;
}

/** What the configuration of any Worker says about one environment. */
export interface NamedWorker {
  /** The name of the Worker at Cloudflare. */
  readonly name: string;
  readonly crons: readonly string[];
  /** The domains and paths that lead to the Worker, without its address at workers.dev. */
  readonly routes: readonly string[];
}

/** What wrangler.toml says about one environment, as far as a deployment depends on it. */
export interface WorkerConfig extends NamedWorker {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly databases: readonly (BoundDatabase & { readonly name: string })[];
  /** The names of all bindings. */
  readonly bindings: readonly string[];
  readonly objects: readonly BoundObject[];
  readonly sendsTo: readonly BoundQueue[];
  /** The queues that are read, with where their messages go after too many tries. */
  readonly reads: readonly { readonly queue: string; readonly deadLetters: string | null }[];
  /** The directory of the static files, as wrangler.toml names it. */
  readonly assets: string;
}

/**
 * Reads the wrangler.toml of a directory. `environment`: the name of an environment, or null for the top level. Throws
 * ScriptError if the file has no such environment, or wrangler refuses it.
 */
export function readWorkerConfig(folder: string, environment: string | null): WorkerConfig {
  const config = readWranglerConfig(join(folder, 'wrangler.toml'), environment);
  const { name, vars, d1_databases, durable_objects, ratelimits, queues, assets, ...calls } = schema.parse(config);
  return {
    name,
    vars,
    databases: d1_databases.map(({ binding, database_name, database_id }) => ({
      binding,
      name: database_name ?? binding,
      id: database_id,
    })),
    bindings: [
      ...d1_databases.map(({ binding }) => binding),
      ...durable_objects.bindings.map((object) => object.name),
      ...ratelimits.map((limit) => limit.name),
      ...queues.producers.map(({ binding }) => binding),
      assets.binding,
    ],
    objects: durable_objects.bindings.map(({ name: binding, class_name }) => ({ binding, className: class_name })),
    sendsTo: queues.producers,
    reads: queues.consumers.map((consumer) => ({
      queue: consumer.queue,
      deadLetters: consumer.dead_letter_queue ?? null,
    })),
    ...callsOf(calls),
    assets: assets.directory,
  };
}

/** When and at which addresses a Worker is called, by a part of its configuration that `CALLS` has read. */
export function callsOf(calls: z.infer<z.ZodObject<typeof CALLS>>): Omit<NamedWorker, 'name'> {
  return { crons: calls.triggers.crons, routes: [calls.route, ...calls.routes].flatMap(patternOf) };
}

/** The pattern of a route, which wrangler.toml gives as text or as an object. */
function patternOf(route: unknown): readonly string[] {
  if (typeof route === 'string') return [route];
  const parsed = z.object({ pattern: z.string() }).safeParse(route);
  return parsed.success ? [parsed.data.pattern] : [];
}
