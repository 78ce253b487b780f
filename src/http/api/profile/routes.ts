import { Hono } from 'hono';
import { findProfile } from '../../../db/business-profiles.ts';
import { readLogo, removeLogo, setLogo } from '../../../domain/profile/change-logo.ts';
import { updateProfile } from '../../../domain/profile/change-profile.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, pictureBody } from '../../middleware/validate.ts';
import { profileChangeBody } from './requests.ts';
import { presentProfile } from './responses.ts';

const READ = 'service.payments.profile.read';
const WRITE = 'service.payments.profile.write';

/** `/profile`: how the workspace shows itself to buyers. */
export const profile = new Hono<ApiEnv>();

profile.get('/', secretKey(READ), async (c) => {
  const { context } = c.var;
  return c.json({ data: presentProfile(context, await findProfile(context.database, context.workspace.id)) });
});

profile.patch('/', secretKey(WRITE), jsonBody(profileChangeBody), admit(), async (c) => {
  const { context } = c.var;
  return c.json({ data: presentProfile(context, await updateProfile(context, c.req.valid('json'))) });
});

profile.put('/logo', secretKey(WRITE), pictureBody(readLogo), admit(), async (c) => {
  const { context, picture } = c.var;
  return c.json({ data: presentProfile(context, await setLogo(context, picture)) });
});

profile.delete('/logo', secretKey(WRITE), admit(), async (c) => {
  const { context } = c.var;
  return c.json({ data: presentProfile(context, await removeLogo(context)) });
});
