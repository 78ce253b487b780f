import { type Context, Hono } from 'hono';
import { newFormId } from '../../../core/ids.ts';
import { changePublicKey } from '../../../domain/keys/change-public-key.ts';
import { createPublicKey } from '../../../domain/keys/create-public-key.ts';
import { readPublicKey } from '../../../domain/keys/queries.ts';
import { revokePublicKey } from '../../../domain/keys/revoke-key.ts';
import { operationOfForm } from '../../../domain/operations.ts';
import { allowedTo, type WorkspaceEnv } from '../../allowed-to.ts';
import { readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { developersPath, viewOf } from '../frame.tsx';
import { checkPublicKeyForm, readPublicKeyForm } from './public-key-form.ts';
import { editPublicKeyPage, madePublicKeyPage, newPublicKeyPage, revokePublicKeyPage } from './public-key-pages.tsx';

const PATH = `${WORKSPACE_PATH}/developers/public-keys`;

/** The pages of public keys. */
export const publicKeyRoutes = new Hono<WorkspaceEnv>()
  .get(`${PATH}/new`, allowedTo('keys.write'), (c) =>
    c.html(newPublicKeyPage({ view: viewOf(c), form: { formId: newFormId(), name: '', origins: '' } })),
  )

  .post(PATH, allowedTo('keys.write'), create)

  .get(`${PATH}/:id`, allowedTo('keys.write'), async (c) => {
    const listed = await readPublicKey(c.var.context, c.req.param('id'));
    const form = { formId: '', name: listed.name, origins: listed.allowedOrigins.join('\n') };
    return c.html(editPublicKeyPage({ view: viewOf(c), listed, form }));
  })

  .post(`${PATH}/:id`, allowedTo('keys.write'), async (c) => {
    const { context } = c.var;
    const view = viewOf(c);
    const listed = await readPublicKey(context, c.req.param('id'));
    const form = readPublicKeyForm(await readForm(c));
    const checked = checkPublicKeyForm(form, context.workspace.mode);
    if (!checked.ok) return c.html(editPublicKeyPage({ view, listed, form, faults: checked.faults }), 422);
    await changePublicKey(context, { id: listed.id, ...checked.key });
    return c.redirect(developersPath(view.shell, 'keys'), 303);
  })

  .get(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    const listed = await readPublicKey(c.var.context, c.req.param('id'));
    return c.html(revokePublicKeyPage({ view: viewOf(c), listed }));
  })

  .post(`${PATH}/:id/revoke`, allowedTo('keys.write'), async (c) => {
    await revokePublicKey(c.var.context, c.req.param('id'));
    return c.redirect(developersPath(viewOf(c).shell, 'keys'), 303);
  });

async function create(c: Context<WorkspaceEnv>) {
  const { context } = c.var;
  const view = viewOf(c);
  const form = readPublicKeyForm(await readForm(c));
  const checked = checkPublicKeyForm(form, context.workspace.mode);
  if (!checked.ok) return c.html(newPublicKeyPage({ view, form, faults: checked.faults }), 422);
  const { name, allowedOrigins } = checked.key;
  const content = [name, ...allowedOrigins];
  const { operation } = await operationOfForm(context, { action: 'public_key.create', form: form.formId, content });
  const { key, text } = await createPublicKey(context, { ...checked.key, operationId: operation.id });
  return c.html(madePublicKeyPage({ view, listed: key, text }));
}
