import { describeError, logLine } from '../../core/log.ts';

const loaded = new WeakMap<Fetcher, Map<string, string>>();

/**
 * A static file as text, for a page that has to be one request: read once per isolate. One that cannot be read is logged and
 * asked for again by the next page; this one has to do with ''. Never throws.
 */
export async function loadAsset(assets: Fetcher, path: string): Promise<string> {
  const known = loaded.get(assets) ?? new Map<string, string>();
  loaded.set(assets, known);
  const text = known.get(path);
  if (text !== undefined) return text;
  try {
    // The binding looks at the path alone.
    const response = await assets.fetch(`https://assets.invalid${path}`);
    if (!response.ok) throw new Error(`The file was answered ${response.status}`);
    const read = await response.text();
    known.set(path, read);
    return read;
  } catch (error) {
    logLine('error', 'file not loaded', { path, error: describeError(error) });
    return '';
  }
}
