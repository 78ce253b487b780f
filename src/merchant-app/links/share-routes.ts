import { type Context, Hono } from 'hono';
import { paymentLinkTokenOf } from '../../core/derive.ts';
import { newFormId } from '../../core/ids.ts';
import { may } from '../../core/rights.ts';
import { linkUrl } from '../../core/urls.ts';
import { listPublicKeysInForce } from '../../db/api-keys.ts';
import { findPaymentLink } from '../../db/payment-links.ts';
import { copyLink } from '../../domain/links/copy-link.ts';
import { readLink, readLinkWithSeller } from '../../domain/links/readiness.ts';
import { operationOfForm } from '../../domain/operations.ts';
import { qrPng } from '../../http/pay/qr-code.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { formIdIn, readForm } from '../form.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { linkPath } from './link-facts.tsx';
import { livePage } from './live-page.tsx';
import { posterPage } from './poster-page.tsx';
import { sharePage } from './share-page.tsx';
import { shareTexts } from './share-texts.ts';

const LINK = `${WORKSPACE_PATH}/links/:token`;
const MAX_TITLE = 250;
const PNG = { size: 1024, errorCorrection: 'M', quietZone: 4 } as const;

/** The page of one link, its poster and code, and the copies that are made of it. After `workspaceRoutes`, which signs in. */
export const shareRoutes = new Hono<WorkspaceEnv>()
  .get(LINK, allowedTo('read'), async (c) => {
    const { context, membership, config } = c.var;
    const [found, publicKeys] = await Promise.all([
      readLinkWithSeller(context, c.req.param('token')),
      listPublicKeysInForce(context.database, context.workspace.id),
    ]);
    const done = c.req.query('done');
    return c.html(
      sharePage({
        shell: shellOf(c),
        clock: clockOf(c),
        publicUrl: config.service.publicUrl,
        found,
        publicKeys,
        may: {
          write: mayHere(c, 'links.write'),
          writeLive: may(membership.role, 'links.write', 'live'),
        },
        form: newFormId(),
        done: done === 'made' || done === 'saved' ? done : null,
      }),
    );
  })

  .get(`${LINK}/poster`, allowedTo('read'), async (c) => {
    const found = await readLinkWithSeller(c.var.context, c.req.param('token'));
    const size = c.req.query('size') === 'a6' ? 'a6' : 'a4';
    return c.html(posterPage({ shell: shellOf(c), publicUrl: c.var.config.service.publicUrl, found, size }));
  })

  .get(`${LINK}/qr.png`, allowedTo('read'), async (c) => {
    const { token } = await readLink(c.var.context, c.req.param('token'));
    const png = await qrPng(linkUrl(c.var.config.service.publicUrl, token), PNG);
    const file = { 'Content-Type': 'image/png', 'Content-Disposition': `attachment; filename="${token}.png"` };
    return c.body(new Uint8Array(png), 200, file);
  })

  .post(`${LINK}/duplicate`, allowedTo('links.write'), async (c) => {
    const { context, language } = c.var;
    const link = await readLink(context, c.req.param('token'));
    const token = await tokenOfForm(c, await readForm(c), { action: 'payment_link.duplicate', source: link.token });
    await copyLink(context, link, { token, title: copyTitle(link.title, shareTexts[language].copyOf) });
    return c.redirect(linkPath(shellOf(c), token, '/edit'), 303);
  })

  .get(`${LINK}/from-sandbox`, allowedTo('links.write'), async (c) => {
    const link = await sandboxLink(c, c.req.param('token'));
    if (!link) return c.notFound();
    return c.html(livePage({ shell: shellOf(c), clock: clockOf(c), link, form: newFormId() }));
  })

  .post(`${LINK}/from-sandbox`, allowedTo('links.write'), async (c) => {
    const link = await sandboxLink(c, c.req.param('token'));
    if (!link) return c.notFound();
    const token = await tokenOfForm(c, await readForm(c), { action: 'payment_link.copy_to_live', source: link.token });
    await copyLink(c.var.context, link, { token });
    return c.redirect(`${linkPath(shellOf(c), token)}?done=made`, 303);
  });

/** The link in the sandbox that is to be copied to live. null: there is none, or this is not live. */
async function sandboxLink({ var: { context, membership } }: Context<WorkspaceEnv>, token: string) {
  if (context.workspace.mode !== 'live') return null;
  return await findPaymentLink(context.database, membership.organisation.sandboxId, token);
}

/** The token of the copy that a form makes, always the same one. `source`: the token of the link that is copied. */
async function tokenOfForm(
  { var: { context } }: Context<WorkspaceEnv>,
  fields: URLSearchParams,
  { action, source }: { readonly action: string; readonly source: string },
): Promise<string> {
  const form = formIdIn(fields) ?? newFormId();
  const { operation } = await operationOfForm(context, { action, form, content: [source] });
  return await paymentLinkTokenOf(operation.id);
}

/** The title of a copy, cut so far that it is not too long. */
function copyTitle(title: string, copyOf: (title: string) => string): string {
  const characters = [...title];
  return copyOf(characters.slice(0, MAX_TITLE - copyOf('').length).join(''));
}
