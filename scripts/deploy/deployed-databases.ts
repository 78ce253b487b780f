import * as z from 'zod';
import { ScriptError } from '../local/script-error.ts';
import type { BoundDatabase } from './worker-config.ts';
import { jsonOf, type Wrangler, type WranglerOutput } from './wrangler.ts';

const deploymentSchema = z.object({ versions: z.array(z.object({ version_id: z.string() })) });
const versionSchema = z.object({
  resources: z.object({
    bindings: z
      .array(
        z.looseObject({
          type: z.string(),
          name: z.string(),
          database_id: z.optional(z.string()),
          /** The earlier name of `database_id` in Cloudflare's API. */
          id: z.optional(z.string()),
        }),
      )
      .default([]),
  }),
});

/** What wrangler says where nothing was ever deployed under the Worker's name, also in an environment. */
const NOT_DEPLOYED = /\[code: (?:10007|10090)\]|has no deployments/;

/**
 * The databases of the Worker as it is deployed now. Empty: no Worker is deployed under this name. `target`: the option
 * of wrangler that names the environment. Throws ScriptError if Cloudflare does not say.
 */
export function deployedDatabases(wrangler: Wrangler, target: string): BoundDatabase[] {
  const status = wrangler.read(['deployments', 'status', '--json', target]);
  if (status.failed && NOT_DEPLOYED.test(status.all)) return [];
  const { versions } = parsed(deploymentSchema, status);
  return versions.flatMap(({ version_id: id }) => {
    const version = parsed(versionSchema, wrangler.read(['versions', 'view', id, '--json', target]));
    return version.resources.bindings
      .filter(({ type }) => type === 'd1')
      .map(({ name, database_id, id: earlier }) => ({ binding: name, id: known(name, database_id ?? earlier) }));
  });
}

function known(binding: string, id: string | undefined): string {
  if (id !== undefined) return id;
  throw new ScriptError(`Not deployed: wrangler does not say which database the deployed Worker has as ${binding}.`);
}

function parsed<T>(schema: z.ZodType<T>, { failed, stdout, all }: WranglerOutput): T {
  const result = failed ? null : schema.safeParse(jsonOf(stdout));
  if (result?.success) return result.data;
  throw new ScriptError(`Not deployed: wrangler does not say which databases the deployed Worker has.\n${all}`);
}
