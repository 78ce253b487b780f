import { unstable_readConfig as readConfig, type Unstable_Config as WranglerConfig } from 'wrangler';
import { ScriptError } from './script-error.ts';

/**
 * Reads one environment of a wrangler.toml. `environment`: null means the top level of the file, whatever CLOUDFLARE_ENV
 * says. Throws ScriptError if the file has no such environment, or wrangler refuses it.
 */
export function readWranglerConfig(path: string, environment: string | null): WranglerConfig {
  const config = read(path, environment);
  if (environment === null || config.definedEnvironments?.includes(environment)) return config;
  throw new ScriptError(`wrangler.toml has no [env.${environment}].`, { code: 'usage' });
}

function read(path: string, environment: string | null): WranglerConfig {
  try {
    return readConfig({ config: path, env: environment ?? '' }, { hideWarnings: true });
  } catch (error) {
    throw new ScriptError(error instanceof Error ? error.message : String(error), { code: 'usage', cause: error });
  }
}
