import { enableCompileCache } from 'node:module';

// Before the first import of a module: what is compiled once starts in half the time.
enableCompileCache();
const { runAdmin } = await import('./run.ts');
process.exit(await runAdmin(process.argv.slice(2)));
