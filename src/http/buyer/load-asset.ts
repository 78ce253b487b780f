import { describeError, logLine } from '../../core/log.ts';

/** The built files that are written into pages (`npm run browser-files`). */
type AssetPath = '/pay/style.css' | '/pay/form.js' | '/pay/done.js' | '/embed/frame.css' | '/embed/frame.js';

/** If a file is not read in this time, the page is answered without it. */
const TIMEOUT_MS = 2_000;

/** Texts, not promises: a read ends with the request that began it, and others would wait without end. */
const loaded = new WeakMap<Fetcher, Map<string, string>>();

/**
 * Reads a static file as text, once per isolate, to write it into a page: the style sheet or the script of a page or of
 * the widget's frame. If the file cannot be read, the result is '', the reason is logged, and the next call tries again.
 * Never throws.
 */
export async function loadAsset(assets: Fetcher, path: AssetPath): Promise<string> {
  const known = loaded.get(assets) ?? new Map<string, string>();
  loaded.set(assets, known);
  const text = known.get(path);
  if (text !== undefined) return text;
  try {
    // The assets binding uses only the path of the URL.
    const url = `https://assets.invalid${path}`;
    const response = await assets.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`The file was answered ${response.status}`);
    const read = await response.text();
    known.set(path, read);
    return read;
  } catch (error) {
    logLine('error', 'file not loaded', { path, error: describeError(error) });
    return '';
  }
}
