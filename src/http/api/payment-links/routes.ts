import { Hono } from 'hono';
import { paymentLinkTokenOf } from '../../../core/derive.ts';
import { createLink } from '../../../domain/links/create-link.ts';
import { listLinks } from '../../../domain/links/list-links.ts';
import { readLink } from '../../../domain/links/read-link.ts';
import { updateLink } from '../../../domain/links/update-link.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { listAnswer, parsePageQuery } from '../paging.ts';
import { parseLinkChange, parseNewLink } from './parse-payment-link.ts';
import { linkUrl, presentLink } from './present-link.ts';
import { composeSnippet } from './snippet.ts';

const READ = 'service.payments.links.read';
const WRITE = 'service.payments.links.write';

/** `/payment-links`: reusable pages that take payments, made once and shared anywhere. */
export const paymentLinks = new Hono<ApiEnv>();

paymentLinks.get('/', secretKey(), requireScope(READ), query(parsePageQuery), admit(), async (c) => {
  const request = c.var.query;
  const page = await listLinks(c.var.context, request);
  return c.json(listAnswer(page, request, (link) => presentLink(c.var.config.publicUrl, link)));
});

paymentLinks.post('/', secretKey(), requireScope(WRITE), jsonBody(parseNewLink), admit(), async (c) => {
  const token = await paymentLinkTokenOf(c.var.operation.id);
  const link = await createLink(c.var.context, c.var.input, token);
  return c.json({ data: presentLink(c.var.config.publicUrl, link) }, 201);
});

paymentLinks.get('/:id', secretKey(), requireScope(READ), admit(), async (c) => {
  const link = await readLink(c.var.context, c.req.param('id'));
  return c.json({ data: presentLink(c.var.config.publicUrl, link) });
});

paymentLinks.patch('/:id', secretKey(), requireScope(WRITE), jsonBody(parseLinkChange), admit(), async (c) => {
  const link = await updateLink(c.var.context, c.req.param('id'), c.var.input);
  return c.json({ data: presentLink(c.var.config.publicUrl, link) });
});

paymentLinks.get('/:id/snippet', secretKey(), requireScope(READ), admit(), async (c) => {
  const link = await readLink(c.var.context, c.req.param('id'));
  const url = linkUrl(c.var.config.publicUrl, link.token);
  return c.json({ data: composeSnippet({ ...link, url, qrBase: url }) });
});
