import type { Page } from 'playwright-core';
import type { Demo } from './demo.ts';

/**
 * Answers every request of this page to `origin` with what the simulator answers, as if Checkout had a domain of its
 * own. It also answers the target of a redirect, which `page.route` would let through to the network.
 */
export async function serveCheckoutAt(demo: Demo, page: Page, origin: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Fetch.requestPaused', async ({ requestId, request }) => {
    const { method, headers, postData } = request;
    const answer = await fetch(request.url.replace(origin, demo.stripeUrl), {
      method,
      headers: { 'Content-Type': headers['Content-Type'] ?? 'text/plain' },
      redirect: 'manual',
      ...(postData === undefined ? {} : { body: postData }),
    });
    const body = Buffer.from(await answer.arrayBuffer()).toString('base64');
    const responseHeaders = [...answer.headers].map(([name, value]) => ({ name, value }));
    await devtools.send('Fetch.fulfillRequest', { requestId, responseCode: answer.status, responseHeaders, body });
  });
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
}
