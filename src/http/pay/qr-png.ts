import CRC32 from 'crc-32';
import { qrModules } from './qr-svg.ts';
import type { QrOptions } from './requests.ts';

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What a Blob takes: bytes whose memory is not shared. */
type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes before a row's pixels that name its filter (PNG §9.2). */
const FILTER_NONE = 0;
const FILTER_UP = 2;

/**
 * A QR code as a PNG of `size` × `size` pixels, 1-bit grayscale, black on white. Every module is the same whole
 * number of pixels, the largest that fits; the code stands in the middle and the rest is white.
 * Throws RangeError when the text is too long for the error correction, or the code with its quiet zone does not fit
 * into `size` at one pixel a module. Format: PNG, third edition (W3C, 2025).
 */
export async function qrPng(text: string, options: QrOptions): Promise<Uint8Array> {
  const { size, errorCorrection, quietZone } = options;
  const modules = qrModules(text, errorCorrection);
  const edge = modules.length + 2 * quietZone;
  const scale = Math.floor(size / edge);
  if (scale < 1) {
    throw new RangeError(
      `size must be at least ${edge} for this QR code with its margin, not ${size}. Use a larger size or a smaller margin.`,
    );
  }
  const data = await zlib(scanlines(modules, size, scale));
  const file = new Blob([SIGNATURE, chunk('IHDR', header(size)), chunk('IDAT', data), chunk('IEND', new Uint8Array())]);
  return new Uint8Array(await file.arrayBuffer());
}

/** PNG §11.2.1: width, height, bit depth 1, colour type 0 (grayscale), deflate, adaptive filters, not interlaced. */
function header(size: number): Bytes {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  view.setUint8(8, 1);
  return bytes;
}

/** Rows of one filter byte and `size` bits, 1 is white. */
function scanlines(modules: readonly (readonly boolean[])[], size: number, scale: number): Bytes {
  const stride = 1 + Math.ceil(size / 8);
  const bytes = new Uint8Array(stride * size);
  const offset = Math.floor((size - modules.length * scale) / 2);
  let previous: readonly boolean[] | undefined;
  for (let y = 0; y < size; y += 1) {
    const start = y * stride;
    const modulesOfRow = modules[Math.floor((y - offset) / scale)];
    // A row like the one above is all zeros under the Up filter, which is what the array holds already.
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

/** RFC 1950, by the runtime's own compressor. */
async function zlib(bytes: Bytes): Promise<Bytes> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** PNG §5.3: length of the data, type, data, CRC-32 of type and data. */
function chunk(type: 'IHDR' | 'IDAT' | 'IEND', data: Bytes): Bytes {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setInt32(8 + data.length, CRC32.buf(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
