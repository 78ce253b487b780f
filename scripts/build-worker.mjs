// Builds dist/index.js, which wrangler takes from there for `npm start` and for a deployment.
import { buildWorker } from './build/worker-bundle.mjs';

await buildWorker('src/index.ts', 'dist/index.js');
