import { type Bytes, latin1, viewOf } from './bytes.ts';

/** In a JPEG, and by mistake in other formats, this is before the data. */
const PREFIX = 'Exif\0\0';
const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;
const ORIENTATION = 0x0112;
const ENTRY_BYTES = 12;
const UPRIGHT = 1;

/**
 * How EXIF data says that its picture is stored: 1 is upright, 2 to 8 are turned or mirrored. 1 also if it does not say,
 * or cannot be read. Source: EXIF 2.3, section 4.6.4 A, and TIFF 6.0, section 2.
 */
export function exifOrientation(data: Bytes): number {
  const view = viewOf(latin1(data, 0, PREFIX.length) === PREFIX ? data.subarray(PREFIX.length) : data);
  if (view.byteLength < 8) return UPRIGHT;
  const order = view.getUint16(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return UPRIGHT;
  const isLittle = order === LITTLE_ENDIAN;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > view.byteLength) return UPRIGHT;
  const first = directory + 2;
  const end = Math.min(first + view.getUint16(directory, isLittle) * ENTRY_BYTES, view.byteLength);
  for (let entry = first; entry + ENTRY_BYTES <= end; entry += ENTRY_BYTES) {
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    const orientation = view.getUint16(entry + 8, isLittle);
    return orientation >= 2 && orientation <= 8 ? orientation : UPRIGHT;
  }
  return UPRIGHT;
}
