import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** What browsers load, from which source: paths from the project's root. */
export const WIDGET_FILES = [
  { file: 'public/softsolz.js', source: 'src/widget/loader.ts' },
  { file: 'public/embed/frame.js', source: 'src/widget/frame.ts' },
];

/**
 * The text of a file for browsers: one script without imports, made small. The same source makes the same bytes.
 * @param {string} source
 * @returns {Promise<string>}
 */
export async function bundleWidget(source) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    tsconfigRaw: {},
    // A page in another encoding reads this file in its own.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
