import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { ENGLISH } from '../buyer/locale.ts';
import { en } from '../buyer/locales/en.ts';
import { type PageNode, SERVICE_NAME } from '../buyer/page-parts.tsx';
import { pageHeaders } from '../middleware/security-headers.ts';
import { noRouteError } from '../respond-error.ts';
import { Layout, layoutOf, type PageLayout } from './layout.tsx';
import type { PageEnv } from './load-link.ts';

/** `/`: a page for people who opened the bare address. For programs, which ask for JSON, nothing is here. */
export const frontPage = new Hono<PageEnv>();

frontPage.get('/', pageHeaders(), async (c) => {
  c.header('Vary', 'Accept');
  const form = accepts(c, { header: 'Accept', supports: ['text/html', 'application/json'], default: 'text/html' });
  if (form !== 'text/html') throw noRouteError(c.req.method, c.req.path, null);
  return await c.html(FrontPage({ ...(await layoutOf(c, null)), locale: ENGLISH, strings: en, query: null }));
});

function FrontPage(page: PageLayout): PageNode {
  return (
    <Layout page={page} title={SERVICE_NAME}>
      <div class="body">
        <h1>{SERVICE_NAME}</h1>
        <p class="note">A payments service for sellers: payment links and an API over their own Stripe accounts.</p>
        <p class="note">Do you want to pay someone? Open the whole link that you were sent.</p>
        <div class="next">
          <a class="pay quiet" href="/openapi.json">
            API description (OpenAPI)
          </a>
          <a class="pay quiet" href="/health">
            Is the service running?
          </a>
        </div>
      </div>
    </Layout>
  );
}
