import * as z from 'zod';
import { ScriptError } from '../local/script-error.ts';
import { jsonOf, type Wrangler } from './wrangler.ts';

const secretsSchema = z.array(z.looseObject({ name: z.string() }));

/** What wrangler says where there is no Worker of this name yet. */
const NO_WORKER = /\[code: (?:10007|10090)\]|Worker "[^"]*".* not found/;

/**
 * The names of the secrets that a Worker has at Cloudflare. Empty: there is no such Worker yet. `target`: the options of
 * wrangler that name the Worker and the environment. Throws ScriptError if Cloudflare does not say.
 */
export function deployedSecrets(wrangler: Wrangler, target: readonly string[]): string[] {
  const { failed, stdout, all } = wrangler.read(['secret', 'list', ...target]);
  if (failed && NO_WORKER.test(all)) return [];
  const secrets = failed ? null : secretsSchema.safeParse(jsonOf(stdout));
  if (secrets?.success) return secrets.data.map(({ name }) => name);
  throw new ScriptError(`Not deployed: wrangler does not say which secrets a Worker has.\n${all}`);
}
