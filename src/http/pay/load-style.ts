import { describeError, logLine } from '../../core/log.ts';

const loaded = new WeakMap<Fetcher, string>();

/**
 * The pay pages' style sheet as text, for a page that has to be one request: the static file `/pay.css`, read once per
 * isolate. A file that cannot be read is logged and asked for again by the next page; this one is plain. Never throws.
 */
export async function loadStyle(assets: Fetcher): Promise<string> {
  const known = loaded.get(assets);
  if (known !== undefined) return known;
  try {
    // The binding looks at the path alone.
    const response = await assets.fetch('https://assets.invalid/pay.css');
    if (!response.ok) throw new Error(`The file was answered ${response.status}`);
    const style = await response.text();
    loaded.set(assets, style);
    return style;
  } catch (error) {
    logLine('error', 'style not loaded', { error: describeError(error) });
    return '';
  }
}
