// npm run deploy: checks wrangler.toml, applies the migrations and deploys, all in one environment.
import { rmSync } from 'node:fs';
import { refuseOptionsOfNpm } from '../local/npm-options.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { styleFor } from '../local/style.ts';
import { deploymentFaults, removedDatabaseFaults } from './checks.ts';
import { type DeployCommand, HELP, parseDeployCommand } from './command-line.ts';
import { deployedDatabases } from './deployed-databases.ts';
import { copyPublicFiles } from './public-files.ts';
import type { WorkerConfig } from './worker-config.ts';
import { wrangler } from './wrangler.ts';

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
  const databases = config.databases.map(({ name, id }) => `${name} (${id})`).join(', ');
  const target = `--env=${environment ?? ''}`;

  step(2, `Apply the migrations to ${databases}`);
  migrate(config, target, dryRun);

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

/** Applies the migrations to each database. Throws ScriptError that says which have them, at the first that fails. */
function migrate({ databases }: WorkerConfig, target: string, dryRun: boolean): void {
  const names = databases.map(({ binding }) => binding);
  for (const [index, name] of names.entries()) {
    const words = ['d1', 'migrations', 'apply', name, '--remote', target];
    if (dryRun) {
      console.log(`  dry run, not done: wrangler ${words.join(' ')}`);
      continue;
    }
    try {
      // In CI wrangler does not ask whether to migrate. After a "no" it ends like after a success.
      wrangler(words, { CI: 'true' });
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

/** The configuration of the chosen environment. Throws ScriptError that names all its faults. */
async function checked({ environment, vars, dryRun }: DeployCommand): Promise<WorkerConfig> {
  const name = environment ?? 'production, the top level of wrangler.toml';
  step(1, `Check the environment ${style.bold(name)}`);
  const { readWorkerConfig } = await import('./worker-config.ts');
  const production = readWorkerConfig(null);
  const own = readWorkerConfig(environment);
  const config = { ...own, vars: { ...own.vars, ...vars } };
  refuse(deploymentFaults({ environment, config, production }));
  if (dryRun) console.log('  dry run, not done: compare the databases with those of the deployed Worker');
  else refuse(removedDatabaseFaults(config, deployedDatabases(`--env=${environment ?? ''}`)));
  return config;
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ScriptError(`Not deployed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
}

function step(number: number, text: string): void {
  console.log(`\n${style.bold(`${number}/3`)} ${text}`);
}

process.exitCode = await main(process.argv.slice(2));
