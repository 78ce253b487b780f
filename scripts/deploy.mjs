// npm run deploy: checks the configuration, applies the migrations and deploys. Arguments are passed to `wrangler deploy`.
import { spawnSync } from 'node:child_process';
import { unstable_readConfig as readConfig } from 'wrangler';
import { deploymentFaults } from './deploy-checks.ts';

const config = readConfig({ config: 'wrangler.toml' });
const faults = deploymentFaults({
  vars: config.vars,
  databaseIds: config.d1_databases.map((database) => database.database_id ?? ''),
});
if (faults.length > 0) {
  console.error(`Not deployed:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  process.exit(1);
}

for (const step of [
  ['d1', 'migrations', 'apply', 'DB', '--remote'],
  ['deploy', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync('wrangler', step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
