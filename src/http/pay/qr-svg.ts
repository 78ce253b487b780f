import { html } from 'hono/html';
import { encode } from 'uqr';
import type { ErrorCorrection, QrOptions } from './requests.ts';

/**
 * A QR code as a standalone SVG document of `size` × `size` pixels: black on white, also where the page is dark, the
 * dark modules one path. Shown at that size every module is the same whole number of pixels, the largest that fits,
 * and what is left over widens the quiet zone. A code with more modules than `size` has pixels is drawn one unit a
 * module and scaled down. `text`: usually a URL; it is the image's accessible name too.
 * Throws RangeError when the text is too long for the error correction.
 */
export function qrSvg(text: string, options: QrOptions): string {
  const { size, errorCorrection, quietZone } = options;
  const modules = qrModules(text, errorCorrection);
  const edge = modules.length + 2 * quietZone;
  const canvas = Math.max(size, edge);
  const path = pathOf(modules, canvas, Math.floor(canvas / edge));
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${canvas} ${canvas}" shape-rendering="crispEdges" role="img" aria-label="QR code: ${text}"><rect width="${canvas}" height="${canvas}" fill="#fff"/><path d="${path}"/></svg>`;
  return String(svg);
}

/**
 * The modules of the smallest QR code (ISO/IEC 18004, model 2) that holds the text: rows of booleans, true is dark,
 * no quiet zone. The error correction is exactly the one asked for.
 * Throws RangeError when the text is too long: at most 2,953 (L), 2,331 (M), 1,663 (Q) or 1,273 (H) bytes of UTF-8.
 */
export function qrModules(text: string, errorCorrection: ErrorCorrection): readonly (readonly boolean[])[] {
  try {
    return encode(text, { ecc: errorCorrection, border: 0 }).data;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const advice = errorCorrection === 'L' ? 'Use a shorter text.' : 'Use a lower one or a shorter text.';
    throw new RangeError(
      `A text of ${text.length} characters is too long for a QR code with error correction ${errorCorrection}. ${advice}`,
      { cause: error },
    );
  }
}

/** One rectangle for each run of dark modules in a row, the code in the middle of a square canvas. */
function pathOf(modules: readonly (readonly boolean[])[], canvas: number, scale: number): string {
  const offset = Math.floor((canvas - modules.length * scale) / 2);
  let path = '';
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      const start = x;
      while (row[x] === true) x += 1;
      const width = (x - start) * scale;
      if (width > 0) path += `M${offset + start * scale} ${offset + y * scale}h${width}v${scale}h${-width}z`;
    }
  }
  return path;
}
