import { type ImageType, imageDimensionsFromData } from 'image-dimensions';
import { type Bytes, joinBytes, latin1, viewOf } from './bytes.ts';
import { exifOrientation } from './exif.ts';
import { jpegParts, type PicturePart, pngParts, webpParts } from './picture-parts.ts';

/** The media type of a picture that every browser shows. */
export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

/** A picture without metadata. `bytes`: the file. Width and height are in pixels, from 1 on. */
export interface Picture {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
  readonly bytes: Bytes;
}

/** The most bytes that a logo can have when it is sent. */
export const MAX_LOGO_BYTES = 128 * 1024;

/** What `readPicture` finds. `turned`: EXIF data turns or mirrors the picture, and `orientation` is 2 to 8. */
type PictureReading =
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'unknown' | 'incomplete' | 'animated' }
  | { readonly kind: 'turned'; readonly orientation: number };

const FORMATS: { readonly [Type in ImageType]?: { type: PictureType; read(file: Bytes): PicturePart[] | null } } = {
  png: { type: 'image/png', read: pngParts },
  jpeg: { type: 'image/jpeg', read: jpegParts },
  webp: { type: 'image/webp', read: webpParts },
};

/**
 * Reads a PNG, JPEG or WebP, whatever its name or header says, and leaves out what no browser needs to show it: EXIF
 * and XMP data, comments, and bytes behind its end. `unknown`: something else, or a picture without a size.
 * `incomplete`: parts are missing, or it is in Apple's own form of PNG, which few browsers know. Pixels are not decoded.
 */
export function readPicture(file: Bytes): PictureReading {
  const found = imageDimensionsFromData(file);
  const format = found && FORMATS[found.type];
  if (!format || found.width === 0 || found.height === 0) return { kind: 'unknown' };
  const parts = format.read(file);
  if (!parts?.some(hasPixels) || parts.some(({ name }) => name === 'CgBI')) return { kind: 'incomplete' };
  if (parts.some(isAnimation)) return { kind: 'animated' };
  const turned = parts
    .filter(isExif)
    .map(({ content }) => exifOrientation(content))
    .find((value) => value !== 1);
  if (turned !== undefined) return { kind: 'turned', orientation: turned };
  const { type } = format;
  const { width, height } = found;
  return { kind: 'picture', picture: { type, width, height, bytes: withoutMetadata(type, file, parts) } };
}

const WEBP_ANIMATION = 0b10;
const WEBP_EXIF_AND_XMP = 0b1100;

const hasPixels = ({ name }: PicturePart) => /^(IDAT|da|VP8 |VP8L|ANMF)$/.test(name);
const isExif = ({ name }: PicturePart) => /^(eXIf|e1|EXIF)$/.test(name);

function isAnimation({ name, content }: PicturePart): boolean {
  return name === 'acTL' || name === 'ANMF' || (name === 'VP8X' && ((content[0] ?? 0) & WEBP_ANIMATION) !== 0);
}

const SHOWN_CHUNK = /^(IHDR|PLTE|tRNS|cHRM|gAMA|iCCP|sRGB|cICP|IDAT|IEND|VP8X|ICCP|ALPH|VP8 |VP8L)$/;
const JPEG_APPLICATION_OR_COMMENT = /^(e.|fe)$/;
/** By marker, how an application's segment begins that says which colours the pixels mean. */
const JPEG_COLOURS: Readonly<Record<string, string>> = { e0: 'JFIF\0', e2: 'ICC_PROFILE\0', ee: 'Adobe' };

function isShown({ name, content }: PicturePart): boolean {
  if (name.length === 4) return SHOWN_CHUNK.test(name);
  const label = JPEG_COLOURS[name];
  if (label !== undefined) return latin1(content, 0, label.length) === label;
  return !JPEG_APPLICATION_OR_COMMENT.test(name);
}

function withoutMetadata(type: PictureType, file: Bytes, parts: readonly PicturePart[]): Bytes {
  const shown = parts.filter(isShown).map(({ bytes }) => bytes);
  if (type === 'image/jpeg') return joinBytes(shown);
  if (type === 'image/png') return joinBytes([file.subarray(0, 8), ...shown]);
  const webp = joinBytes([file.subarray(0, 12), ...shown]);
  const view = viewOf(webp);
  view.setUint32(4, webp.length - 8, true);
  if (parts[0]?.name === 'VP8X') view.setUint8(20, view.getUint8(20) & ~WEBP_EXIF_AND_XMP);
  return webp;
}
