import { runDeploy } from './run.ts';
import { wranglerIn } from './wrangler.ts';

const { env: environment, stdout, stderr } = process;
const folder = process.cwd();
const wrangler = wranglerIn(folder, environment);
process.exitCode = await runDeploy(process.argv.slice(2), { environment, folder, stdout, stderr, wrangler });
