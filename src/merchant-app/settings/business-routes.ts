import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { MAX_LOGO_BYTES, type Picture } from '../../core/picture.ts';
import { logoUrl } from '../../core/urls.ts';
import { type BusinessProfile, findProfile } from '../../db/business-profiles.ts';
import { readLogo, removeLogo, setLogo } from '../../domain/profile/change-logo.ts';
import { updateProfile } from '../../domain/profile/change-profile.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { readForm } from '../form.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { type BusinessValues, readBusinessForm, valuesOf } from './business-form.ts';
import { businessPage } from './business-page.tsx';
import type { BusinessField } from './business-texts.ts';

const PATH = `${WORKSPACE_PATH}/settings/business` as const;

/** The business profile of a workspace. */
export const businessRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const { context } = c.var;
    const profile = await findProfile(context.database, context.workspace.id);
    return show(c, { profile, isSaved: c.req.query('saved') === '1' });
  })

  .post(PATH, allowedTo('profile.write'), async (c) => {
    const { values, input, faulty } = readBusinessForm(await readForm(c));
    if (input !== null) {
      await updateProfile(c.var.context, input);
      return saved(c);
    }
    const { database, workspace } = c.var.context;
    return show(c, { profile: await findProfile(database, workspace.id), values, faulty });
  })

  .post(`${PATH}/logo`, allowedTo('profile.write'), async (c) => {
    const { logo } = await c.req.parseBody();
    const picture = logo instanceof File && logo.size <= MAX_LOGO_BYTES ? await pictureOf(logo) : null;
    if (picture === null) return await refuseLogo(c);
    await setLogo(c.var.context, picture);
    return saved(c);
  })

  .post(`${PATH}/logo/remove`, allowedTo('profile.write'), async (c) => {
    await removeLogo(c.var.context);
    return saved(c);
  });

function saved(c: Context<WorkspaceEnv>) {
  return c.redirect(`${pathOf(shellOf(c), 'settings/business')}?saved=1`, 303);
}

/** The picture in a file. null: the file is none, or one that cannot be a logo. */
async function pictureOf(file: File): Promise<Picture | null> {
  try {
    return readLogo(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

async function refuseLogo(c: Context<WorkspaceEnv>) {
  const { database, workspace } = c.var.context;
  return show(c, { profile: await findProfile(database, workspace.id), isLogoFaulty: true });
}

interface Shown {
  readonly profile: BusinessProfile | null;
  /** What was typed. Not set: what is stored. */
  readonly values?: BusinessValues;
  readonly faulty?: readonly BusinessField[];
  readonly isLogoFaulty?: boolean;
  readonly isSaved?: boolean;
}

function show(
  c: Context<WorkspaceEnv>,
  { profile, values, faulty = [], isLogoFaulty = false, isSaved = false }: Shown,
) {
  const { workspace, shard, publicUrl } = c.var.context;
  const view = {
    shell: shellOf(c),
    values: values ?? valuesOf(profile, workspace.name),
    faulty,
    logoUrl: profile?.logoHash ? logoUrl(publicUrl, { shard, hash: profile.logoHash }) : null,
    isLogoFaulty,
    mayChange: mayHere(c, 'profile.write'),
    isSaved,
  };
  return c.html(businessPage(view), faulty.length > 0 || isLogoFaulty ? 422 : 200);
}
