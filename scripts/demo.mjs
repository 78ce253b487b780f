// npm run demo: the whole payment loop once, without a browser.
import { main } from './demo/main.ts';

process.exit(await main());
