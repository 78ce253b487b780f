import { Hono } from 'hono';
import { paymentLinkTokenOf } from '../../../core/derive.ts';
import { linkUrl } from '../../../core/urls.ts';
import { listPaymentLinks } from '../../../db/payment-links.ts';
import { createLink } from '../../../domain/links/create-link.ts';
import { readLink, readLinkWithSeller } from '../../../domain/links/readiness.ts';
import { updateLink } from '../../../domain/links/update-link.ts';
import type { ApiEnv } from '../../app-env.ts';
import { shownButton } from '../../buyer/page-parts.tsx';
import { composeSnippet } from '../../buyer/snippet.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, validQuery } from '../../middleware/validate.ts';
import { textId } from '../fields.ts';
import { listAnswer } from '../paging.ts';
import { linkChangeBody, listLinksQuery, newLinkBody } from './requests.ts';
import { presentLink, presentSnippet } from './responses.ts';

const READ = 'service.payments.links.read';
const WRITE = 'service.payments.links.write';

/** `/payment-links`: the links of a workspace. Each leads to a page that takes payments. */
export const paymentLinks = new Hono<ApiEnv>();

paymentLinks.get('/', secretKey(READ), validQuery(listLinksQuery), async (c) => {
  const { database, workspace, publicUrl } = c.var.context;
  const page = c.req.valid('query');
  const links = await listPaymentLinks(database, workspace.id, page);
  return c.json(listAnswer(links, page, (link) => presentLink(publicUrl, link)));
});

paymentLinks.post('/', secretKey(WRITE), jsonBody(newLinkBody), admit(), async (c) => {
  const { context, operation } = c.var;
  const token = await paymentLinkTokenOf(operation.id);
  const link = await createLink(context, { ...c.req.valid('json'), token });
  return c.json({ data: presentLink(context.publicUrl, link) }, 201);
});

paymentLinks.get('/:id', secretKey(READ), textId, async (c) => {
  const { context } = c.var;
  const link = await readLink(context, c.req.valid('param').id);
  return c.json({ data: presentLink(context.publicUrl, link) });
});

paymentLinks.patch('/:id', secretKey(WRITE), textId, jsonBody(linkChangeBody), admit(), async (c) => {
  const { context } = c.var;
  const link = await updateLink(context, { token: c.req.valid('param').id, ...c.req.valid('json') });
  return c.json({ data: presentLink(context.publicUrl, link) });
});

paymentLinks.get('/:id/snippet', secretKey(READ), textId, async (c) => {
  const { context } = c.var;
  const found = await readLinkWithSeller(context, c.req.valid('param').id);
  const { link } = found;
  const buttonColor = shownButton(found).background;
  const snippet = composeSnippet({ ...link, buttonColor, url: linkUrl(context.publicUrl, link.token) });
  return c.json({ data: presentSnippet(snippet) });
});
