import CRC32 from 'crc-32';
import { html } from 'hono/html';
import { encode } from 'uqr';
import type { ErrorCorrection, QrOptions } from './requests.ts';

/**
 * Draws a QR code as an SVG document of `size` × `size` pixels, black on white. Its modules (the small squares) have
 * the largest whole number of pixels that fits, and the quiet zone takes the rest of the space. A code with more
 * modules than pixels is scaled down. `text` is also in the accessible name of the image. Throws RangeError if the text
 * is too long for the error correction.
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
 * The modules (small squares) of the smallest QR code for a text (ISO/IEC 18004, model 2), as rows of booleans without
 * a quiet zone: true is dark. Throws RangeError if the text has more bytes of UTF-8 than 2,953 (L), 2,331 (M), 1,663
 * (Q) or 1,273 (H).
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

/** The SVG path of the dark modules, in the middle of a square canvas: a rectangle for each run in a row. */
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

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Bytes in memory that is not shared, as `Blob` requires. */
type Bytes = Uint8Array<ArrayBuffer>;

/** The filter bytes. One stands before the pixels of each row (PNG §9.2). */
const FILTER_NONE = 0;
const FILTER_UP = 2;

/**
 * Draws a QR code as a PNG of `size` × `size` pixels, black on white (1-bit grayscale; PNG, third edition, W3C 2025).
 * Its modules (the small squares) have the largest whole number of pixels that fits. The code stands in the middle, and
 * the rest is white. Throws RangeError if the text is too long for the error correction, or the code with its quiet
 * zone has more modules than pixels.
 */
export async function qrPng(text: string, options: QrOptions): Promise<Uint8Array> {
  const { size, errorCorrection, quietZone } = options;
  const modules = qrModules(text, errorCorrection);
  const edge = modules.length + 2 * quietZone;
  const scale = Math.floor(size / edge);
  if (scale < 1) {
    const advice = 'Use a larger size or a smaller margin.';
    throw new RangeError(`size must be at least ${edge} for this QR code with its margin, not ${size}. ${advice}`);
  }
  const data = await zlib(scanlines(modules, size, scale));
  const file = new Blob([SIGNATURE, chunk('IHDR', header(size)), chunk('IDAT', data), chunk('IEND', new Uint8Array())]);
  return new Uint8Array(await file.arrayBuffer());
}

/**
 * The data of the chunk IHDR (PNG §11.2.1): width, height, bit depth 1, colour type 0 (grayscale), deflate, adaptive
 * filters, not interlaced.
 */
function header(size: number): Bytes {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  view.setUint8(8, 1);
  return bytes;
}

/** The rows of the image: each has one filter byte and `size` bits. 1 is white. */
function scanlines(modules: readonly (readonly boolean[])[], size: number, scale: number): Bytes {
  const stride = 1 + Math.ceil(size / 8);
  const bytes = new Uint8Array(stride * size);
  const offset = Math.floor((size - modules.length * scale) / 2);
  let previous: readonly boolean[] | undefined;
  for (let y = 0; y < size; y += 1) {
    const start = y * stride;
    const modulesOfRow = modules[Math.floor((y - offset) / scale)];
    // With the filter Up a row that repeats the row above is all zeros, as a new array is.
    const isRepeated = y > 0 && modulesOfRow === previous;
    bytes[start] = isRepeated ? FILTER_UP : FILTER_NONE;
    if (!isRepeated) drawRow(bytes.subarray(start + 1, start + stride), modulesOfRow ?? [], offset, scale);
    previous = modulesOfRow;
  }
  return bytes;
}

function drawRow(row: Uint8Array, modules: readonly boolean[], offset: number, scale: number): void {
  row.fill(0xff);
  for (const [index, isDark] of modules.entries()) {
    if (!isDark) continue;
    const left = offset + index * scale;
    for (let x = left; x < left + scale; x += 1) row[x >> 3] = (row[x >> 3] ?? 0) & ~(0x80 >> (x & 7));
  }
}

/** Compresses bytes in the zlib format (RFC 1950). */
async function zlib(bytes: Bytes): Promise<Bytes> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** A chunk of the file (PNG §5.3): length of the data, type, data, and CRC-32 of type and data. */
function chunk(type: 'IHDR' | 'IDAT' | 'IEND', data: Bytes): Bytes {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setInt32(8 + data.length, CRC32.buf(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
