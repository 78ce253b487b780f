import type { Bytes } from '../../core/bytes.ts';
import { sha256Hex } from '../../core/crypto.ts';
import { ApiError, inputError } from '../../core/errors.ts';
import { type Picture, readPicture } from '../../core/picture.ts';
import { type BusinessProfile, deleteLogo, findProfile, upsertLogo } from '../../db/business-profiles.ts';
import { auditOf, type Context } from '../context.ts';

const MAX_SIDE = 2000;

/**
 * Reads a picture that can be a logo, and leaves out its metadata. Throws `unsupported_media_type` for bytes that are
 * not a whole PNG, JPEG or WebP, and `validation_failed` for a picture that is animated, that its EXIF data turns, or
 * with a side of more than 2,000 pixels.
 */
export function readLogo(bytes: Bytes): Picture {
  const reading = readPicture(bytes);
  switch (reading.kind) {
    case 'unknown':
      throw new ApiError('unsupported_media_type', 'Send the bytes of a PNG, JPEG or WebP picture as the whole body.');
    case 'incomplete':
      throw new ApiError(
        'unsupported_media_type',
        'This is not a whole picture that browsers show. Save it again as a PNG, JPEG or WebP, and send the whole file.',
      );
    case 'animated':
      throw logoFault('must not be animated: save one of its frames as a picture.');
    case 'turned':
      throw logoFault(
        `must be upright without its EXIF orientation of ${reading.orientation}, which browsers treat differently: turn it in an image editor, and save it again.`,
      );
    case 'picture':
      return ofRightSize(reading.picture);
  }
}

function ofRightSize(picture: Picture): Picture {
  const { width, height } = picture;
  if (Math.max(width, height) <= MAX_SIDE) return picture;
  throw logoFault(`must be at most ${MAX_SIDE} pixels wide and high: this picture is ${width} × ${height}.`);
}

const logoFault = (problem: string) => inputError([{ field: 'logo', code: 'validation_failed', problem }]);

/**
 * Makes a picture the logo of the workspace, in place of the one before, and returns its profile. The same picture again
 * changes nothing.
 */
export async function setLogo(context: Context, picture: Picture): Promise<BusinessProfile> {
  const { database, workspace } = context;
  const hash = await sha256Hex(picture.bytes);
  const profile = await findProfile(database, workspace.id);
  if (profile?.logoHash === hash) return profile;
  const audit = auditOf(context, 'profile.set_logo', workspace.id);
  return await upsertLogo(database, workspace.id, { ...picture, hash }, audit);
}

/**
 * Removes the logo of the workspace, if it has one, and returns its profile. null: nothing was ever set in the profile.
 * Browsers that have loaded the logo may keep it.
 */
export async function removeLogo(context: Context): Promise<BusinessProfile | null> {
  const { database, workspace } = context;
  const profile = await findProfile(database, workspace.id);
  if (!profile?.logoHash) return profile;
  return await deleteLogo(database, workspace.id, auditOf(context, 'profile.remove_logo', workspace.id));
}
