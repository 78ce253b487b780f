import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** The built files that browsers load: scripts and style sheets. Paths from the project's root. */
export const BROWSER_FILES = [
  { file: 'public/softsolz.js', source: 'src/widget/loader.ts' },
  { file: 'public/embed/frame.js', source: 'src/widget/frame.ts' },
  { file: 'public/pay/form.js', source: 'src/http/pay/browser/form.ts' },
  { file: 'public/pay/done.js', source: 'src/http/pay/browser/done.ts' },
  { file: 'public/pay/style.css', source: 'src/http/buyer/pay.css' },
  { file: 'public-app/app/passkeys.js', source: 'src/merchant-app/browser/passkeys.ts' },
  { file: 'public-app/pay/style.css', source: 'src/http/buyer/pay.css' },
  { file: 'public-app/app/poster-a4.css', source: 'src/merchant-app/links/poster.css' },
  { file: 'public-app/app/poster-a6.css', source: 'src/merchant-app/links/poster-a6.css' },
  { file: 'public-app/app/style.css', source: 'src/merchant-app/app.css' },
  { file: 'public-app/app/app.js', source: 'src/merchant-app/browser/app.ts' },
  { file: 'public/embed/frame.css', source: 'src/http/embed/frame.css' },
];

/** The texts of the pay page that the merchant app shows in its preview, as they are. */
export const COPIED_FILES = [{ file: 'public-app/pay/strings/de.json', source: 'public/pay/strings/de.json' }];

/**
 * Bundles a source into one minified file without imports. The same source makes the same bytes.
 * @param {string} source
 * @returns {Promise<string>}
 */
export async function bundleForBrowsers(source) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    tsconfigRaw: {},
    // A page in another encoding reads this file in that encoding.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
