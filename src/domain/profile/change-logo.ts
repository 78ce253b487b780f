import { sha256Hex } from '../../core/crypto.ts';
import { ApiError, inputError } from '../../core/errors.ts';
import { readPicture } from '../../core/picture.ts';
import { type BusinessProfile, deleteLogo, findProfile, upsertLogo } from '../../db/business-profiles.ts';
import { auditOf, type Context } from '../context.ts';

const MAX_SIDE = 2000;

/**
 * Makes a picture the logo of the workspace, in place of the one before, and returns its profile. The same picture again
 * changes nothing. Throws `unsupported_media_type` for bytes that are no PNG, JPEG or WebP, and `validation_failed` for
 * a side of more than 2,000 pixels.
 */
export async function setLogo(context: Context, bytes: Uint8Array<ArrayBuffer>): Promise<BusinessProfile> {
  const picture = readPicture(bytes);
  if (!picture) {
    throw new ApiError('unsupported_media_type', 'Send the bytes of a PNG, JPEG or WebP picture as the whole body.');
  }
  const { width, height } = picture;
  if (width > MAX_SIDE || height > MAX_SIDE) {
    const problem = `must be at most ${MAX_SIDE} pixels wide and high: this picture is ${width} × ${height}.`;
    throw inputError([{ field: 'logo', code: 'validation_failed', problem }]);
  }
  const { database, workspace } = context;
  const hash = await sha256Hex(bytes);
  const profile = await findProfile(database, workspace.id);
  if (profile?.logoHash === hash) return profile;
  const audit = auditOf(context, 'profile.set_logo', workspace.id);
  return await upsertLogo(database, workspace.id, { ...picture, hash, bytes }, audit);
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
