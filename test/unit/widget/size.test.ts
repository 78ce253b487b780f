import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BROWSER_FILES, bundleForBrowsers, COPIED_FILES } from '../../../scripts/build/browser-files.mjs';

const LOADER = 'public/softsolz.js';
/** Was 3,072 until the widget got its own progress and the theme of the page. */
const LOADER_LIMIT_BYTES = 3_584;

const read = (file: string) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');

describe('the files that browsers load', () => {
  it.each(BROWSER_FILES)(
    '$file is committed as it is built: npm run browser-files after a change',
    async ({ file, source }) => {
      expect(read(file)).toBe(await bundleForBrowsers(source));
    },
  );

  it.each(COPIED_FILES)('$file is the same as $source: npm run browser-files after a change', ({ file, source }) => {
    expect(read(file)).toBe(read(source));
  });

  it.each(BROWSER_FILES)('$file names no address, so it asks nobody but where it came from', ({ file }) => {
    const code = read(file);
    expect(code.length).toBeGreaterThan(500);
    expect(code.match(/https?:|["'`]\/\//g)).toBeNull();
  });

  it.each(BROWSER_FILES)('$file reads the same in whatever encoding a page is', ({ file }) => {
    expect([...read(file)].filter((character) => character > '\u007f')).toEqual([]);
  });

  it.each(BROWSER_FILES)('$file never makes markup or code out of text', ({ file }) => {
    expect(read(file)).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(|srcdoc/);
  });

  it.each(BROWSER_FILES)('$file can be written into a page', ({ file }) => {
    expect(read(file)).not.toMatch(/<\/(script|style)|<!--|<script/i);
  });

  it('keeps the loader within 3,584 bytes', () => {
    expect(gzipSync(read(LOADER), { level: 9 }).length).toBeLessThanOrEqual(LOADER_LIMIT_BYTES);
  });
});
