import { type Context, Hono } from 'hono';
import { paymentLinkTokenOf } from '../../core/derive.ts';
import { newFormId } from '../../core/ids.ts';
import { parseRowCursor } from '../../core/paging.ts';
import { createLink } from '../../domain/links/create-link.ts';
import { findLinks } from '../../domain/links/find-links.ts';
import { readLink } from '../../domain/links/readiness.ts';
import { updateLink } from '../../domain/links/update-link.ts';
import { operationOfForm } from '../../domain/operations.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { formIdIn, readForm } from '../form.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { checkForm, toLinkChange, toNewLink } from './check-form.ts';
import { formPage } from './form-page.tsx';
import { emptyValues, valuesIn, valuesOfLink } from './form-values.ts';
import type { FormView } from './form-view.ts';
import { linkPath } from './link-facts.tsx';
import { linksPage } from './list-page.tsx';
import { respondPreview } from './preview.tsx';

const LINKS = `${WORKSPACE_PATH}/links`;
const LINKS_ON_A_PAGE = 25;

/** The list of links, and the form of a link. After `workspaceRoutes`, which signs in. */
export const linkRoutes = new Hono<WorkspaceEnv>()
  .get(LINKS, allowedTo('read'), async (c) => {
    const { q: search = '', after = '' } = c.req.query();
    const page = { limit: LINKS_ON_A_PAGE, offset: 0, before: parseRowCursor(after) };
    const { items: links, nextCursor } = await findLinks(c.var.context, search, page);
    const queryOf = (cursor: string) =>
      String(new URLSearchParams({ ...(search && { q: search }), ...(cursor && { after: cursor }) }));
    return c.html(
      linksPage({
        shell: shellOf(c),
        clock: clockOf(c),
        publicUrl: c.var.config.service.publicUrl,
        mayWrite: mayHere(c, 'links.write'),
        search,
        query: queryOf(page.before === null ? '' : after),
        links,
        next: nextCursor === null ? null : queryOf(nextCursor),
      }),
    );
  })

  .get(`${LINKS}/new`, allowedTo('links.write'), (c) => {
    const values = emptyValues(clockOf(c));
    return respondForm(c, { link: null, values, faults: new Map(), form: newFormId() });
  })

  .post(LINKS, allowedTo('links.write'), async (c) => {
    const { context, language } = c.var;
    const fields = await readForm(c);
    const values = valuesIn(fields, clockOf(c));
    const { faults, body } = checkForm(values, language, null);
    const form = formIdIn(fields) ?? newFormId();
    if (faults.size > 0) return respondForm(c, { link: null, values, faults, form });
    const content = [JSON.stringify(body)];
    const { operation } = await operationOfForm(context, { action: 'payment_link.create', form, content });
    const token = await paymentLinkTokenOf(operation.id);
    await createLink(context, { ...toNewLink(body), token });
    return c.redirect(`${linkPath(shellOf(c), token)}?done=made`, 303);
  })

  .get(`${LINKS}/preview`, allowedTo('links.write'), (c) => respondPreview(c, c.req.query('link') ?? null))
  .post(`${LINKS}/preview`, allowedTo('links.write'), async (c) => respondPreview(c, await readForm(c)))

  .get(`${LINKS}/:token/edit`, allowedTo('links.write'), async (c) => {
    const link = await readLink(c.var.context, c.req.param('token'));
    return respondForm(c, { link, values: valuesOfLink(link, clockOf(c)), faults: new Map(), form: newFormId() });
  })

  .post(`${LINKS}/:token`, allowedTo('links.write'), async (c) => {
    const { context, language } = c.var;
    const link = await readLink(context, c.req.param('token'));
    const values = valuesIn(await readForm(c), clockOf(c));
    const { faults, body } = checkForm(values, language, link);
    if (faults.size > 0) return respondForm(c, { link, values, faults, form: newFormId() });
    await updateLink(context, { token: link.token, ...toLinkChange(body) });
    return c.redirect(`${linkPath(shellOf(c), link.token)}?done=saved`, 303);
  })

  .post(`${LINKS}/:token/active`, allowedTo('links.write'), async (c) => {
    const fields = await readForm(c);
    const changes = { active: fields.get('active') === 'true' };
    const nothing = { currency: undefined, kind: undefined, price: {} };
    const { token } = await updateLink(c.var.context, { token: c.req.param('token'), ...nothing, changes });
    return c.redirect(backPath(c, fields.get('back'), token), 303);
  });

function respondForm(c: Context<WorkspaceEnv>, view: Omit<FormView, 'shell'>) {
  c.set('policy', { 'frame-src': "'self'" });
  return c.html(formPage({ shell: shellOf(c), ...view }), view.faults.size > 0 ? 422 : 200);
}

/** Where the switch of a link was. `back`: the query of the list. null: the page of the link. */
function backPath(c: Context<WorkspaceEnv>, back: string | null, token: string): string {
  const shell = shellOf(c);
  if (back === null) return linkPath(shell, token);
  const query = String(new URLSearchParams(back));
  return pathOf(shell, query === '' ? 'links' : `links?${query}`);
}
