import { describeError, logLine } from '../../core/log.ts';

const loaded = new WeakMap<Fetcher, Map<string, string>>();

/** The pay page's style sheet and the frame's script. The page carries both, so that they need no request of their own. */
export async function loadFrameAssets(assets: Fetcher): Promise<{ readonly sheet: string; readonly script: string }> {
  return { sheet: await loadSheet(assets), script: await loadAsset(assets, '/embed/frame.js') };
}

/** The pay page's style sheet, or '' where it cannot be read. Never throws. */
export async function loadSheet(assets: Fetcher): Promise<string> {
  return await loadAsset(assets, '/pay.css');
}

/** A static file as text, read once per isolate. Where it cannot be read it is '', and the next page tries again. */
async function loadAsset(assets: Fetcher, path: string): Promise<string> {
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
