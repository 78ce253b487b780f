import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { ENGLISH } from '../buyer/locale.ts';
import { type PageNode, SERVICE_NAME } from '../buyer/page-parts.tsx';
import { pageHeaders } from '../middleware/security-headers.ts';
import { noRouteError } from '../respond-error.ts';
import { Layout, layoutOf, type PageLayout } from './layout.tsx';
import type { PageEnv } from './load-link.ts';

/**
 * `/`: a page for people who opened the bare address, with a link to the documentation of the API if its address is
 * configured. For programs, which ask for JSON, nothing is here.
 */
export const frontPage = new Hono<PageEnv>();

frontPage.get('/', pageHeaders(), async (c) => {
  c.header('Vary', 'Accept');
  const form = accepts(c, { header: 'Accept', supports: ['text/html', 'application/json'], default: 'text/html' });
  if (form !== 'text/html') throw noRouteError(c.req.method, c.req.path, null);
  const page = { ...(await layoutOf(c, null, ENGLISH)), query: null };
  return await c.html(<FrontPage page={page} docsUrl={c.var.config.docsUrl} />);
});

function FrontPage({ page, docsUrl }: { page: PageLayout; docsUrl: string | null }): PageNode {
  return (
    <Layout page={page} title={SERVICE_NAME}>
      <div class="body">
        <h1>{SERVICE_NAME}</h1>
        <p class="note">A payments service for sellers: payment links and an API over their own Stripe accounts.</p>
        <p class="note">Do you want to pay someone? Open the whole link that you were sent.</p>
        <div class="next">
          {docsUrl !== null && (
            <a class="pay quiet" href={docsUrl}>
              Documentation
            </a>
          )}
          <a class="pay quiet" href="/openapi.json" type="application/json">
            OpenAPI document (JSON)
          </a>
        </div>
      </div>
    </Layout>
  );
}
