import { type ImageType, imageDimensionsFromData } from 'image-dimensions';

/** The media type of a picture that every browser shows. */
export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

/** What the bytes of a picture say of it. Width and height are in pixels, from 1 on. */
export interface Picture {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

const TYPES: { readonly [Type in ImageType]?: PictureType } = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/**
 * Reads the type and the size of a PNG, JPEG or WebP from its bytes, whatever its name or header says. null: the bytes
 * are something else, or they end before they say the size, or the size is 0.
 */
export function readPicture(bytes: Uint8Array): Picture | null {
  const found = imageDimensionsFromData(bytes);
  const type = found && TYPES[found.type];
  if (!type || found.width === 0 || found.height === 0) return null;
  return { type, width: found.width, height: found.height };
}
