import { parseArgs } from 'node:util';
import { ScriptError } from '../local/script-error.ts';

/** What `npm run deploy` is asked to do. */
export interface DeployCommand {
  /** The environment in wrangler.toml. null: the top level of the file, which is production. */
  readonly environment: string | null;
  /** True: check and build, and change nothing. */
  readonly dryRun: boolean;
  /** The variables given with `--var`. They replace those of wrangler.toml and wrangler.merchant-app.toml. */
  readonly vars: Readonly<Record<string, string>>;
  /** Options for each `wrangler deploy`: `--tag` and `--message`. */
  readonly labels: readonly string[];
}

export const HELP = `npm run deploy -- [--env <name>] [--dry-run] [--var <NAME>:<value>] [--tag <tag>] [--message <text>]

  Checks wrangler.toml and wrangler.merchant-app.toml, applies the migrations to each
  deployed database, deploys the API, and then the merchant app if its APP_URL is set,
  in this order. The app gets the variables of wrangler.toml too. A step that fails ends
  the run. A database that the deployed API has must stay in wrangler.toml.

  --env <name>          use [env.<name>] of both files in every step. Without it:
                        CLOUDFLARE_ENV, else the top level of the files (production)
  --dry-run             check and build, and show what would be done. Nothing is changed
  --var <NAME>:<value>  set a variable in place of the one in these files; repeatable
  --tag, --message      name the deployed versions, as in \`wrangler deploy\`
  --help, -h            show this text

  docs/operating.md explains how to set up an account.`;

const OPTIONS = {
  env: { type: 'string', short: 'e' },
  'dry-run': { type: 'boolean' },
  var: { type: 'string', multiple: true },
  tag: { type: 'string' },
  message: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Parses the words after `npm run deploy --`. null: show the help. `environment`: the value of CLOUDFLARE_ENV, used
 * without `--env`. Throws ScriptError for an unknown option, because an option that is ignored could deploy elsewhere.
 */
export function parseDeployCommand(words: readonly string[], environment: string | undefined): DeployCommand | null {
  const { env, 'dry-run': dryRun = false, var: vars = [], tag, message, help } = parse(words);
  if (help) return null;
  return {
    environment: (env ?? environment) || null,
    dryRun,
    vars: Object.fromEntries(vars.map(variableOf)),
    labels: [...(tag === undefined ? [] : ['--tag', tag]), ...(message === undefined ? [] : ['--message', message])],
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new ScriptError(`${fault}. \`npm run deploy -- --help\` shows the options.`, { code: 'usage', cause: error });
  }
}

function variableOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon), text.slice(colon + 1)];
  throw new ScriptError(`--var ${text}: write the name, a colon and the value, like --var PUBLIC_URL:https://…`, {
    code: 'usage',
  });
}
