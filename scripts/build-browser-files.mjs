// npm run browser-files: writes the files in public/ that are built. Run it after you change one of their sources.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BROWSER_FILES, bundleForBrowsers, COPIED_FILES } from './build/browser-files.mjs';

const pathOf = (file) => new URL(`../${file}`, import.meta.url);

for (const { file, source } of BROWSER_FILES) write(pathOf(file), await bundleForBrowsers(source));
for (const { file, source } of COPIED_FILES) write(pathOf(file), readFileSync(pathOf(source), 'utf8'));

function write(path, text) {
  mkdirSync(new URL('.', path), { recursive: true });
  // A running copy watches public/: an unchanged file must not restart it.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
