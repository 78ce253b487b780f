import { type Context, Hono } from 'hono';
import { isFormId, newFormId } from '../../../core/ids.ts';
import { may, mayGrantScopes } from '../../../core/rights.ts';
import { issueKeyOnce } from '../../../domain/keys/issue-key-once.ts';
import { readKeys, readSecretKey } from '../../../domain/keys/queries.ts';
import { revokeSecretKey } from '../../../domain/keys/revoke-key.ts';
import { operationOfForm } from '../../../domain/operations.ts';
import { allowedTo, type WorkspaceEnv } from '../../allowed-to.ts';
import { readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { developersPath } from '../frame.tsx';
import { viewOf } from '../view.ts';
import { keyListPage } from './key-list-page.tsx';
import { checkSecretKeyForm, emptySecretKeyForm, readSecretKeyForm, scopesOf } from './secret-key-form.ts';
import { madeSecretKeyPage, newSecretKeyPage, revokeSecretKeyPage } from './secret-key-pages.tsx';

const PATH = `${WORKSPACE_PATH}/developers/keys`;

/** The list of all keys, and the pages of secret keys. */
export const secretKeyRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const { role } = c.var.membership;
    const view = viewOf(c);
    const mayWrite = may(role, 'keys.write', view.shell.mode);
    const withRevoked = c.req.query('revoked') === 'shown';
    return c.html(keyListPage({ view, clock: clockOf(c), mayWrite, withRevoked, ...(await readKeys(c.var.context)) }));
  })

  .get(`${PATH}/new`, allowedTo('keys.write'), (c) => {
    const view = viewOf(c);
    const { role } = c.var.membership;
    return c.html(newSecretKeyPage({ view, role, form: emptySecretKeyForm(newFormId(), role, view.shell.mode) }));
  })

  .post(PATH, allowedTo('keys.write'), create)

  .get(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    const found = await readSecretKey(c.var.context, c.req.param('id'));
    return c.html(revokeSecretKeyPage({ view: viewOf(c), clock: clockOf(c), ...found }));
  })

  .post(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    await revokeSecretKey(c.var.context, c.req.param('id'));
    return c.redirect(developersPath(viewOf(c).shell, 'keys'), 303);
  });

async function create(c: Context<WorkspaceEnv>) {
  const view = viewOf(c);
  const { context, membership } = c.var;
  const { role } = membership;
  const sent = readSecretKeyForm(await readForm(c));
  const form = isFormId(sent.formId) ? sent : { ...sent, formId: newFormId() };
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
