// npm run widget: writes public/softsolz.js and public/embed/frame.js from src/widget. Run it after you change a file there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundleWidget, WIDGET_FILES } from './build/widget-bundle.mjs';

for (const { file, source } of WIDGET_FILES) {
  const path = new URL(`../${file}`, import.meta.url);
  const text = await bundleWidget(source);
  mkdirSync(new URL('.', path), { recursive: true });
  // A running copy watches public/: an unchanged file must not restart it.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
