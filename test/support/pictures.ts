import CRC32 from 'crc-32';

// Whole pictures of one colour that every browser decodes, in as few bytes as their formats allow.

type Bytes = Uint8Array<ArrayBuffer>;

interface PictureOptions {
  readonly width: number;
  readonly height: number;
  /** Chunks or segments between the header and the pixels. */
  readonly before?: readonly number[];
  /** How many bytes the file has: a comment fills them. */
  readonly bytes?: number;
}

export const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
export const bigEndian = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256);
export const littleEndian = (value: number, bytes: number) => bigEndian(value, bytes).toReversed();
const zeros = (count: number) => Array.from({ length: Math.max(0, count) }, () => 0);

/** Fields of bits in bytes, both filled from the lowest bit on. */
function packed(fields: readonly (readonly [value: number, bits: number])[]): number[] {
  const bits = fields.flatMap(([value, count]) => Array.from({ length: count }, (_, index) => (value >> index) & 1));
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, index) => sum + bit * 2 ** index, 0),
  );
}

export function pngChunk(name: string, content: readonly number[]): number[] {
  const named = [...ascii(name), ...content];
  return [...bigEndian(content.length, 4), ...named, ...bigEndian(CRC32.buf(named) >>> 0, 4)];
}

/** Zeros, compressed with the fixed codes of RFC 1951: a zero, then repetitions of it, 258 at a time. */
function compressedZeros(count: number): number[] {
  const zero = [0b00001100, 8] as const;
  const repeated = [0b10100011, 13] as const;
  const literals = Array.from({ length: 1 + ((count - 1) % 258) }, () => zero);
  const repetitions = Array.from({ length: Math.floor((count - 1) / 258) }, () => repeated);
  const block = packed([[1, 1], [1, 2], ...literals, ...repetitions, [0, 7]]);
  return [0x78, 0x01, ...block, ...bigEndian(count % 65521, 2), 0, 1];
}

/** A black PNG. `deep`: with 8 bytes for each pixel instead of 1, for a larger file. */
export function png({
  width,
  height,
  before = [],
  bytes = 0,
  deep = false,
}: PictureOptions & { deep?: boolean }): Bytes {
  const format = deep ? [16, 6] : [8, 0];
  const header = pngChunk('IHDR', [...bigEndian(width, 4), ...bigEndian(height, 4), ...format, 0, 0, 0]);
  const pixels = pngChunk('IDAT', compressedZeros(height * (1 + width * (deep ? 8 : 1))));
  const start = [0x89, ...ascii('PNG\r\n\x1a\n'), ...header, ...before];
  const end = [...pixels, ...pngChunk('IEND', [])];
  const missing = bytes - start.length - end.length;
  return Uint8Array.from([...start, ...(missing > 0 ? pngChunk('tEXt', zeros(missing - 12)) : []), ...end]);
}

/** A segment of a JPEG. `marker`: its second byte. */
export function jpegSegment(marker: number, content: readonly number[]): number[] {
  return [0xff, marker, ...bigEndian(content.length + 2, 2), ...content];
}

/** A grey JPEG. Each block of 8 × 8 pixels is two bits: no difference to the one before, and no detail. */
export function jpeg({ width, height, before = [] }: Omit<PictureOptions, 'bytes'>): Bytes {
  const bits = 2 * Math.ceil(width / 8) * Math.ceil(height / 8);
  const scan = zeros(Math.ceil(bits / 8));
  if (bits % 8 > 0) scan[scan.length - 1] = 0xff >> (bits % 8);
  const oneCode = [1, ...zeros(16)];
  return Uint8Array.from([
    ...[0xff, 0xd8, ...jpegSegment(0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]), ...before],
    ...jpegSegment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...jpegSegment(0xc0, [8, ...bigEndian(height, 2), ...bigEndian(width, 2), 1, 1, 0x11, 0]),
    ...[...jpegSegment(0xc4, [0, ...oneCode]), ...jpegSegment(0xc4, [0x10, ...oneCode])],
    ...[...jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), ...scan, 0xff, 0xd9],
  ]);
}

export function webpChunk(name: string, content: readonly number[]): number[] {
  return [...ascii(name), ...littleEndian(content.length, 4), ...content, ...zeros(content.length % 2)];
}

/** A white WebP in the extended format. `flags`: those of its header. `after`: chunks behind the pixels. */
export function webp({
  width,
  height,
  before = [],
  bytes = 0,
  flags = 0,
  after = [],
}: PictureOptions & { flags?: number; after?: readonly number[] }): Bytes {
  // One symbol each for green, red, blue and alpha, which so need no bits, and for the distances.
  const white = [[0b101, 3] as const, [255, 8] as const];
  const codes = [...white, ...white, ...white, ...white, [0b0001, 4] as const];
  const pixels = [0x2f, ...packed([[width - 1, 14], [height - 1, 14], [0, 7], ...codes])];
  const header = [flags, 0, 0, 0, ...littleEndian(width - 1, 3), ...littleEndian(height - 1, 3)];
  const chunks = [...webpChunk('VP8X', header), ...before, ...webpChunk('VP8L', pixels), ...after];
  const missing = bytes - chunks.length - 12;
  const content = [...ascii('WEBP'), ...chunks, ...(missing > 0 ? webpChunk('XMP ', zeros(missing - 8)) : [])];
  return Uint8Array.from([...ascii('RIFF'), ...littleEndian(content.length, 4), ...content]);
}

/** EXIF data that says how the picture is turned: 1 is upright. `Exif`, the beginning in a JPEG, is not part of it. */
export function exif(orientation: number, number = bigEndian): number[] {
  const order = number === bigEndian ? 'MM' : 'II';
  const entry = [...number(0x0112, 2), ...number(3, 2), ...number(1, 4), ...number(orientation, 2), 0, 0];
  return [...ascii(order), ...number(42, 2), ...number(8, 4), ...number(1, 2), ...entry, ...number(0, 4)];
}
