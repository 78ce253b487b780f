import { ScriptError } from './script-error.ts';

/**
 * Throws ScriptError with the code `usage` if npm has taken one of these options for itself, because `--` was forgotten:
 * `npm run deploy --dry-run` runs the script without `--dry-run`. `environment`: of the process, where npm says so.
 */
export function refuseOptionsOfNpm(
  script: string,
  options: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const taken = options.find((name) => environment[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  if (taken === undefined) return;
  throw new ScriptError(`npm has kept --${taken} for itself. Write \`--\` before it: npm run ${script} -- --${taken}`, {
    code: 'usage',
  });
}
