import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuseOptionsOfNpm } from '../local/npm-options.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { styleFor } from '../local/style.ts';
import { APP_TOML, type AppConfig, appFaults, secretFaults, splitVariables, variablesForApp } from './app-checks.ts';
import { deploymentFaults, removedDatabaseFaults } from './checks.ts';
import { type DeployCommand, HELP, parseDeployCommand } from './command-line.ts';
import { deployedDatabases } from './deployed-databases.ts';
import { deployedSecrets } from './deployed-secrets.ts';
import { copyPublicFiles } from './public-files.ts';
import type { WorkerConfig } from './worker-config.ts';
import type { Wrangler } from './wrangler.ts';

/** What a deployment reads and changes outside of itself. */
export interface DeployContext {
  /** The variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The directory of wrangler.toml. */
  readonly folder: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly wrangler: Wrangler;
}

/**
 * `npm run deploy`: checks the configuration, applies the migrations, deploys the API and then the merchant app, all in one
 * environment. Returns the exit code. Never throws: a failure is written to `stderr`.
 */
export async function runDeploy(words: readonly string[], context: DeployContext): Promise<number> {
  const { environment, stderr } = context;
  try {
    refuseOptionsOfNpm('deploy', ['dry-run', 'env'], environment);
    const command = parseDeployCommand(words, environment.CLOUDFLARE_ENV);
    if (command) await deploy(command, context);
    else print(HELP, context);
    return 0;
  } catch (error) {
    stderr.write(`${styleFor(stderr).bad('✘')} ${describeFailure(error)}\n`);
    return 1;
  }
}

async function deploy(command: DeployCommand, context: DeployContext): Promise<void> {
  const { environment, dryRun } = command;
  const { config, app } = await checked(command, context);
  const databases = config.databases.map(({ name, id }) => `${name} (${id})`).join(', ');
  const target = `--env=${environment ?? ''}`;

  step(2, `Apply the migrations to ${databases}`, context);
  migrate(config, target, dryRun, context);

  step(3, dryRun ? `Build ${config.name}, without uploading it` : `Deploy ${config.name}`, context);
  const { ofApp, shared } = splitVariables(command.vars);
  deployApi(config, target, { ...command, vars: shared }, context);

  if (app === null) print(`\n${APP_TOML} has no APP_URL: there is no merchant app to deploy.`, context);
  else {
    step(4, dryRun ? `Build ${app.name}, without uploading it` : `Deploy ${app.name}`, context);
    const vars = asOptions({ ...variablesForApp(config), ...ofApp });
    const parameters = ['deploy', '--config', APP_TOML, target, ...vars, ...command.labels];
    runWrangler([...parameters, ...(dryRun ? ['--dry-run'] : [])], context);
  }
  const check = `curl '${String(config.vars.PUBLIC_URL)}/health?deep=1'`;
  const done = dryRun ? 'Dry run ended. Nothing was changed.' : `Deployed. Check it: ${check}`;
  print(`\n${styleFor(context.stdout).good('✔')} ${done}`, context);
}

function deployApi(config: WorkerConfig, target: string, command: DeployCommand, context: DeployContext): void {
  const assets = copyPublicFiles(resolve(context.folder, config.assets), String(config.vars.PUBLIC_URL));
  const parameters = ['deploy', target, '--assets', assets, ...asOptions(command.vars), ...command.labels];
  try {
    runWrangler([...parameters, ...(command.dryRun ? ['--dry-run'] : [])], context);
  } finally {
    rmSync(assets, { recursive: true, force: true });
  }
}

const asOptions = (vars: Readonly<Record<string, string>>) =>
  Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);

/** Applies the migrations to each database. Throws ScriptError that says which have them, at the first that fails. */
function migrate({ databases }: WorkerConfig, target: string, dryRun: boolean, context: DeployContext): void {
  const names = databases.map(({ binding }) => binding);
  for (const [index, name] of names.entries()) {
    const words = ['d1', 'migrations', 'apply', name, '--remote', target];
    if (dryRun) {
      print(`  dry run, not done: wrangler ${words.join(' ')}`, context);
      continue;
    }
    try {
      // In CI wrangler does not ask whether to migrate. After a "no" it ends like after a success.
      runWrangler(words, context, { CI: 'true' });
    } catch (cause) {
      const done = names.slice(0, index).join(', ') || 'none';
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ScriptError(
        `The migrations of ${name} failed. Databases that have them: ${done}. The Worker is not deployed: the one ` +
          `before goes on, and works with both. Correct the reason and deploy again.\n  ${reason}`,
        { cause },
      );
    }
  }
}

/** What is deployed: the API, and the merchant app if there is one. */
interface Checked {
  readonly config: WorkerConfig;
  readonly app: AppConfig | null;
}

/** The configuration of the chosen environment. Throws ScriptError that names all its faults. */
async function checked({ environment, vars, dryRun }: DeployCommand, context: DeployContext): Promise<Checked> {
  const { folder, stdout, wrangler } = context;
  const name = environment ?? 'production, the top level of wrangler.toml';
  step(1, `Check the environment ${styleFor(stdout).bold(name)}`, context);
  const { readWorkerConfig } = await import('./worker-config.ts');
  const { readAppConfig } = await import('./app-config.ts');
  const production = readWorkerConfig(folder, null);
  const own = readWorkerConfig(folder, environment);
  const { ofApp, shared } = splitVariables(vars);
  const config = { ...own, vars: { ...own.vars, ...shared } };
  const ownApp = readAppConfig(folder, environment);
  const appVars = { ...ownApp.vars, ...ofApp };
  const app = appVars.APP_URL === undefined ? null : { ...ownApp, vars: appVars };
  const both = { app: readAppConfig(folder, null), api: production };
  refuse([
    ...deploymentFaults({ environment, config, production }),
    ...(app === null ? [] : appFaults({ environment, app, api: config, production: both })),
  ]);
  if (dryRun) print('  dry run, not done: compare databases and secrets with those at Cloudflare', context);
  else refuse(faultsAtCloudflare(environment, { config, app }, wrangler));
  return { config, app };
}

/** What is wrong beside what is at Cloudflare already: databases that would be lost, secrets that the app lacks. */
function faultsAtCloudflare(environment: string | null, { config, app }: Checked, wrangler: Wrangler): string[] {
  const target = `--env=${environment ?? ''}`;
  const removed = removedDatabaseFaults(config, deployedDatabases(wrangler, target));
  if (app === null) return removed;
  const ofApp = deployedSecrets(wrangler, ['--config', APP_TOML, target]);
  return [...removed, ...secretFaults(environment, ofApp, deployedSecrets(wrangler, [target]))];
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ScriptError(`Not deployed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
}

/** Shows a command of wrangler and runs it. Throws ScriptError if it fails. */
function runWrangler(
  parameters: readonly string[],
  context: DeployContext,
  variables: Readonly<Record<string, string>> = {},
): void {
  print(`  wrangler ${parameters.join(' ')}`, context);
  if (context.wrangler.run(parameters, variables)) return;
  throw new ScriptError('wrangler failed (see above). The steps after it were not done.');
}

function step(number: number, text: string, context: DeployContext): void {
  print(`\n${styleFor(context.stdout).bold(`${number}.`)} ${text}`, context);
}

function print(text: string, { stdout }: DeployContext): void {
  stdout.write(`${text}\n`);
}
