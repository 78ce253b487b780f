import { type Bytes, latin1, viewOf } from './bytes.ts';

/** A part of the file of a picture: a chunk of a PNG or WebP, or a segment of a JPEG. */
export interface PicturePart {
  /** As its format names it, for example `IHDR` or `VP8X`. Of a JPEG: the code of its marker in hex, for example `e1`. */
  readonly name: string;
  /** The whole part, with its name and its length. */
  readonly bytes: Bytes;
  readonly content: Bytes;
}

const PNG_SIGNATURE_BYTES = 8;

/** The chunks of a PNG up to its end. null: the file ends before. Source: PNG, third edition, section 5. */
export function pngParts(file: Bytes): PicturePart[] | null {
  const view = viewOf(file);
  const parts: PicturePart[] = [];
  for (let start = PNG_SIGNATURE_BYTES; start + 12 <= file.length; ) {
    const end = start + 12 + view.getUint32(start);
    const name = latin1(file, start + 4, start + 8);
    parts.push({ name, bytes: file.subarray(start, end), content: file.subarray(start + 8, end - 4) });
    if (name === 'IEND') return parts;
    start = end;
  }
  return null;
}

const MARKER = 0xff;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** The segments of a JPEG from its first byte to its end. null: the file ends before. Source: ITU-T T.81, annex B. */
export function jpegParts(file: Bytes): PicturePart[] | null {
  const view = viewOf(file);
  const parts: PicturePart[] = [{ name: 'd8', bytes: file.subarray(0, 2), content: file.subarray(2, 2) }];
  for (let start = 2; start + 2 <= file.length && file[start] === MARKER; ) {
    const code = view.getUint8(start + 1);
    if (code === MARKER) {
      // A fill byte, of which any number may be before a marker.
      start += 1;
      continue;
    }
    const hasContent = code !== END_OF_IMAGE && start + 4 <= file.length;
    const headEnd = start + 2 + (hasContent ? view.getUint16(start + 2) : 0);
    const end = code === START_OF_SCAN ? endOfScan(file, headEnd) : headEnd;
    parts.push({ name: code.toString(16), bytes: file.subarray(start, end), content: file.subarray(start + 4, end) });
    if (code === END_OF_IMAGE) return parts;
    start = end;
  }
  return null;
}

/** Where the next marker is. In a scan, 0 behind 0xFF stands for a 0xFF of its data, and 0xD0 to 0xD7 restart it. */
function endOfScan(file: Bytes, start: number): number {
  for (let at = file.indexOf(MARKER, start); at !== -1; at = file.indexOf(MARKER, at + 1)) {
    const code = file[at + 1] ?? 0;
    if (code !== 0 && code !== MARKER && (code < 0xd0 || code > 0xd7)) return at;
  }
  return file.length;
}

const WEBP_HEADER_BYTES = 12;

/** The chunks of a WebP. null: the file is shorter or longer than it says. Source: RFC 9649, section 2. */
export function webpParts(file: Bytes): PicturePart[] | null {
  const view = viewOf(file);
  if (view.getUint32(4, true) + 8 !== file.length) return null;
  const parts: PicturePart[] = [];
  let start = WEBP_HEADER_BYTES;
  while (start + 8 <= file.length) {
    const length = view.getUint32(start + 4, true);
    const end = start + 8 + length + (length % 2);
    const content = file.subarray(start + 8, start + 8 + length);
    parts.push({ name: latin1(file, start, start + 4), bytes: file.subarray(start, end), content });
    start = end;
  }
  return start === file.length ? parts : null;
}
