// npm run browser-files: writes the files in public/ that are built. Run it after you change one of their sources.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BROWSER_FILES, bundleForBrowsers } from './build/browser-files.mjs';

for (const { file, source } of BROWSER_FILES) {
  const path = new URL(`../${file}`, import.meta.url);
  const text = await bundleForBrowsers(source);
  mkdirSync(new URL('.', path), { recursive: true });
  // A running copy watches public/: an unchanged file must not restart it.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
