import { type Context, Hono } from 'hono';
import { newFormId } from '../../../core/ids.ts';
import { parseTimeCursor } from '../../../core/paging.ts';
import { mayGrantScopes } from '../../../core/rights.ts';
import { listPublicKeysInForce, listPublicKeysInForceFirst } from '../../../db/api-keys.ts';
import { issueKeyOnce } from '../../../domain/keys/issue-key-once.ts';
import { readSecretKey, readSecretKeys } from '../../../domain/keys/queries.ts';
import { revokeSecretKey } from '../../../domain/keys/revoke-key.ts';
import { operationOfForm } from '../../../domain/operations.ts';
import { allowedTo, mayHere, type WorkspaceEnv } from '../../allowed-to.ts';
import { readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { developersPath, viewOf } from '../frame.tsx';
import { keyListPage } from './key-list-page.tsx';
import { checkSecretKeyForm, emptySecretKeyForm, readSecretKeyForm, scopesOf } from './secret-key-form.ts';
import { madeSecretKeyPage, newSecretKeyPage, revokeSecretKeyPage } from './secret-key-pages.tsx';

/** How many keys a page shows: far more than are in force. */
const SHOWN = 100;

const PATH = `${WORKSPACE_PATH}/developers/keys`;

/** The list of all keys, and the pages of secret keys. */
export const secretKeyRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const { context } = c.var;
    const { database, workspace } = context;
    const withRevoked = c.req.query('revoked') === 'shown';
    const page = { limit: SHOWN, offset: 0, before: parseTimeCursor(c.req.query('cursor') ?? '') };
    const [secretKeys, publicKeys] = await Promise.all([
      readSecretKeys(context, page),
      withRevoked
        ? listPublicKeysInForceFirst(database, workspace.id, SHOWN)
        : listPublicKeysInForce(database, workspace.id),
    ]);
    const mayWrite = mayHere(c, 'keys.write');
    return c.html(keyListPage({ view: viewOf(c), clock: clockOf(c), mayWrite, withRevoked, secretKeys, publicKeys }));
  })

  .get(`${PATH}/new`, allowedTo('keys.write'), (c) => {
    const view = viewOf(c);
    const { role } = c.var.membership;
    return c.html(newSecretKeyPage({ view, role, form: emptySecretKeyForm(newFormId(), role, view.shell.mode) }));
  })

  .post(PATH, allowedTo('keys.write'), create)

  .get(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    const found = await readSecretKey(c.var.context, c.req.param('id'));
    return c.html(revokeSecretKeyPage({ view: viewOf(c), clock: clockOf(c), found }));
  })

  .post(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    await revokeSecretKey(c.var.context, c.req.param('id'));
    return c.redirect(developersPath(viewOf(c).shell, 'keys'), 303);
  });

async function create(c: Context<WorkspaceEnv>) {
  const view = viewOf(c);
  const { context, membership } = c.var;
  const { role } = membership;
  const form = readSecretKeyForm(await readForm(c));
  if (!mayGrantScopes(role, view.shell.mode, scopesOf(form))) {
    return c.html(newSecretKeyPage({ view, role, form, isRefused: true }), 403);
  }
  const checked = checkSecretKeyForm(form);
  if (!checked.ok) return c.html(newSecretKeyPage({ view, role, form, faults: checked.faults }), 422);
  const { name, scopes, rateLimitPerMinute } = checked.key;
  const content = [name, String(rateLimitPerMinute), ...scopes];
  const { operation } = await operationOfForm(context, { action: 'secret_key.create', form: form.formId, content });
  const { key, secret } = await issueKeyOnce(context, { ...checked.key, operationId: operation.id });
  return c.html(madeSecretKeyPage({ view, made: key, secret }));
}
