// npm run deploy: checks wrangler.toml, applies the migrations and deploys, all in one environment.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { refuseOptionsOfNpm } from '../local/npm-options.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { styleFor } from '../local/style.ts';
import { deploymentFaults } from './checks.ts';
import { type DeployCommand, HELP, parseDeployCommand } from './command-line.ts';
import { copyPublicFiles } from './public-files.ts';
import type { WorkerConfig } from './worker-config.ts';

const style = styleFor(process.stdout);

/** `npm run deploy`. Returns the exit code. */
async function main(words: readonly string[]): Promise<number> {
  try {
    refuseOptionsOfNpm('deploy', ['dry-run', 'env'], process.env);
    const command = parseDeployCommand(words, process.env.CLOUDFLARE_ENV);
    if (command) await deploy(command);
    else console.log(HELP);
    return 0;
  } catch (error) {
    console.error(`${styleFor(process.stderr).bad('✘')} ${describeFailure(error)}`);
    return 1;
  }
}

async function deploy(command: DeployCommand): Promise<void> {
  const { environment, dryRun } = command;
  const config = await checked(command);
  const publicUrl = String(config.vars.PUBLIC_URL);
  const database = config.databases.map(({ name, id }) => `${name} (${id})`).join(', ');
  const target = `--env=${environment ?? ''}`;

  step(2, `Apply the migrations to ${database}`);
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--remote', target];
  if (dryRun) console.log(`  dry run, not done: wrangler ${migrate.join(' ')}`);
  // In CI wrangler does not ask whether to migrate. After a "no" it ends like after a success.
  else wrangler(migrate, { CI: 'true' });

  step(3, dryRun ? `Build ${config.name}, without uploading it` : `Deploy ${config.name}`);
  const assets = copyPublicFiles(config.assets, publicUrl);
  try {
    wrangler(['deploy', target, '--assets', assets, ...command.passedOn, ...(dryRun ? ['--dry-run'] : [])]);
  } finally {
    rmSync(assets, { recursive: true, force: true });
  }
  const done = dryRun ? 'Dry run ended. Nothing was changed.' : `Deployed. Check it: curl '${publicUrl}/health?deep=1'`;
  console.log(`\n${style.good('✔')} ${done}`);
}

/** The configuration of the chosen environment. Throws ScriptError that names all its faults. */
async function checked({ environment, vars }: DeployCommand): Promise<WorkerConfig> {
  const name = environment ?? 'production, the top level of wrangler.toml';
  step(1, `Check the environment ${style.bold(name)}`);
  const { readWorkerConfig } = await import('./worker-config.ts');
  const production = readWorkerConfig(null);
  const own = readWorkerConfig(environment);
  const config = { ...own, vars: { ...own.vars, ...vars } };
  const faults = deploymentFaults({ environment, config, production });
  if (faults.length > 0) throw new ScriptError(`Not deployed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  return config;
}

function step(number: number, text: string): void {
  console.log(`\n${style.bold(`${number}/3`)} ${text}`);
}

/** Runs the wrangler of the working directory in the foreground, with more variables. Throws ScriptError if it fails. */
function wrangler(parameters: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
  console.log(`  wrangler ${parameters.join(' ')}`);
  // Started as a script of Node: on Windows a command in node_modules/.bin cannot be started without a shell.
  const program = createRequire(join(process.cwd(), 'wrangler.toml')).resolve('wrangler');
  const { status, error } = spawnSync(process.execPath, [program, ...parameters], {
    stdio: 'inherit',
    env: { ...process.env, ...variables },
  });
  if (error) throw new ScriptError(`wrangler cannot be started: ${error.message}`, { cause: error });
  if (status !== 0) throw new ScriptError(`wrangler failed (see above). The steps after it were not done.`);
}

process.exitCode = await main(process.argv.slice(2));
