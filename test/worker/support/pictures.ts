/** Bytes of the beginning of a picture, which say its size. Further ones follow up to `bytes`. */
interface Size {
  readonly width: number;
  readonly height: number;
  /** How many bytes the file has. */
  readonly bytes?: number;
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const bigEndian = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256);
const littleEndian = (value: number, bytes: number) => bigEndian(value, bytes).toReversed();

function fileOf(header: readonly number[], bytes = header.length): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(bytes);
  file.set(header);
  return file;
}

export function png({ width, height, bytes }: Size): Uint8Array<ArrayBuffer> {
  const size = [...bigEndian(width, 4), ...bigEndian(height, 4)];
  return fileOf([0x89, ...ascii('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...ascii('IHDR'), ...size, 8, 6, 0, 0, 0], bytes);
}

export function jpeg({ width, height, bytes }: Size): Uint8Array<ArrayBuffer> {
  const comment = [0xff, 0xfe, 0, 8, ...ascii('PNG...')];
  const frame = [0xff, 0xc0, 0, 17, 8, ...bigEndian(height, 2), ...bigEndian(width, 2), 3];
  return fileOf([0xff, 0xd8, ...comment, ...frame], bytes);
}

/** A WebP in the extended format, which may be animated. */
export function webp({ width, height, bytes }: Size): Uint8Array<ArrayBuffer> {
  const size = [...littleEndian(width - 1, 3), ...littleEndian(height - 1, 3)];
  const chunk = [...ascii('VP8X'), ...littleEndian(10, 4), 0b10, 0, 0, 0, ...size];
  return fileOf([...ascii('RIFF'), ...littleEndian(chunk.length + 4, 4), ...ascii('WEBP'), ...chunk], bytes);
}
