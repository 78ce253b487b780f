// npm run admin: what operators do with workspaces, accounts, keys and buyers' data.
import { main } from './admin/main.ts';

process.exit(await main(process.argv.slice(2)));
