import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The resources that src/stripe/client.ts calls. The SDK imports all of its 200, and no bundler can tell which of them are
 * used: left out they save 12 KB (gzip) of a Worker. test/tools/worker-bundle.test.ts calls each in the built code.
 */
const USED = ['Accounts', 'Checkout/index', 'Checkout/Sessions', 'Refunds'];

/** @type {import('esbuild').Plugin} */
const usedPartsOfStripe = {
  name: 'used-parts-of-stripe',
  setup({ onLoad, onEnd }) {
    const found = new Set();
    onLoad({ filter: /[\\/]stripe[\\/]esm[\\/](resources[\\/].*|StripeEventNotificationHandler)\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8');
      const used = USED.find((name) => path.replaceAll('\\', '/').endsWith(`/resources/${name}.js`));
      if (used) found.add(used);
      const classes = [...contents.matchAll(/^export class (\w+)/gm)].map(([, name]) => `export class ${name} {}`);
      // A file without a class only puts others together.
      return { contents: used || classes.length === 0 ? contents : classes.join('\n') };
    });
    onEnd(() => {
      const missing = USED.filter((name) => !found.has(name));
      return { errors: missing.map((name) => ({ text: `Stripe's SDK has no resource ${name} any more.` })) };
    });
  },
};

/**
 * Bundles `entry` (a path from the project's root) into `outfile`, with the used parts of Stripe's SDK only. Not minified:
 * wrangler does that.
 * @param {string} entry
 * @param {string} outfile
 */
export async function buildWorker(entry, outfile) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    tsconfig: join(ROOT, 'tsconfig.json'),
    sourcemap: 'linked',
    sourcesContent: true,
    logLevel: 'warning',
    plugins: [usedPartsOfStripe],
  });
}
