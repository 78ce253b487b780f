import { join } from 'node:path';
import * as z from 'zod';
import { readWranglerConfig } from '../local/wrangler-config.ts';
import { APP_TOML, type AppConfig } from './app-checks.ts';
import { CALLS, callsOf } from './worker-config.ts';

const schema = z.object({
  name: z.string(),
  vars: z.record(z.string(), z.unknown()),
  d1_databases: z.array(z.object({ binding: z.string(), database_id: z.string().default('') })),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string(), script_name: z.string().optional() })),
  }),
  queues: z.object({ producers: z.array(z.object({ binding: z.string(), queue: z.string() })).default([]) }),
  send_email: z.array(z.object({ name: z.string() })).default([]),
  ...CALLS,
});

/**
 * Reads wrangler.merchant-app.toml of a directory. `environment`: the name of an environment, or null for the top level.
 * Throws ScriptError if the file has no such environment, or wrangler refuses it.
 */
export function readAppConfig(folder: string, environment: string | null): AppConfig {
  const { name, vars, d1_databases, durable_objects, queues, send_email, ...calls } = schema.parse(
    readWranglerConfig(join(folder, APP_TOML), environment),
  );
  return {
    name,
    vars,
    databases: d1_databases.map(({ binding, database_id: id }) => ({ binding, id })),
    objects: durable_objects.bindings.map((object) => ({
      binding: object.name,
      className: object.class_name,
      worker: object.script_name ?? null,
    })),
    sendsTo: queues.producers,
    hasMail: send_email.some((binding) => binding.name === 'MAIL'),
    ...callsOf(calls),
  };
}
