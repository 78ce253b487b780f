import { createServer, type RequestListener, type Server } from 'node:http';
import { html, raw } from 'hono/html';
import type { LocalSettings } from '../local/settings.ts';

interface DemoShop {
  /** The address of the API, where the widget and the pay pages are. */
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly links: { readonly fixed: string; readonly open: string };
  /** True if this page's origin is on the key's list. */
  readonly allowed: boolean;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #55606f; --line: #d8dee6; --page: #fbfaf8; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --soft: #a8b2c1; --line: #39424f; --page: #171b21; --link: #8cc4ff; } }
body { margin: 0 auto; padding: 2rem 1rem; max-width: 44rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; }
h2 { margin: 0; font-size: 1.125rem; }
.note, li { color: var(--soft); }
article { margin-top: 1.5rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: .75rem; }
[role=status] { font-weight: 600; }
[role=status]:empty { margin: 0; }
a { color: var(--link); }
ol { min-height: 6rem; padding-left: 1.5rem; overflow-wrap: anywhere; font: .875rem/1.6 ui-monospace, monospace; }
`;

/**
 * What the shop says below a widget when its event arrives, as a merchant's shop would. `ready` and `open` clear it.
 * `close` says something only if nothing else was said before: after a payment its result stays.
 */
const REPLIES = {
  ready: '',
  open: '',
  close: 'You closed the payment form before paying. Nothing was charged.',
  confirming: 'Waiting for the result of your payment. Please do not pay again.',
  succeeded: 'Paid. Thank you! We ship when the webhook payments.payment.succeeded arrives, not by this message.',
  processing: 'Not paid yet: the money is on its way, which can take days. We ship when it has arrived.',
  failed: 'You have not paid. You can try again.',
  blocked: 'There is no payment form here. You can pay by the link below.',
};

/** Lists what the widgets report to their page, events on their elements and messages from the frame, and replies. */
const LOG = `
const replies = ${JSON.stringify(REPLIES)};
const log = document.getElementById('log');
function note(what, detail) {
  const line = document.createElement('li');
  line.textContent = what + ' ' + JSON.stringify(detail ?? {});
  log.append(line);
}
for (const name of Object.keys(replies)) {
  document.addEventListener('softsolz:' + name, (event) => {
    note(event.type, event.detail);
    const reply = event.target.closest('article').querySelector('[role=status]');
    if (name !== 'close' || reply.textContent === '') reply.textContent = replies[name];
  });
}
addEventListener('message', ({ origin, data }) => {
  const isResult = /^payments\\.(confirming|succeeded|processing|failed|blocked)$/.test(data?.type);
  if (data?.source === 'softsolz' && isResult) note('message from ' + origin, data);
});
`;

/** Serves the demo shop twice: on an origin that the public key lists, and on another. Returns a function that stops both. */
export async function startDemoShops(settings: LocalSettings, shop: Omit<DemoShop, 'allowed'>): Promise<() => void> {
  const servers = await Promise.all([
    listen(await pageListener({ ...shop, allowed: true }), settings.shopPort),
    listen(await pageListener({ ...shop, allowed: false }), settings.foreignShopPort),
  ]);
  return () => {
    for (const server of servers.flat()) {
      server.close();
      server.closeAllConnections();
    }
  };
}

async function pageListener(shop: DemoShop): Promise<RequestListener> {
  const page = String(await demoShopPage(shop));
  return ({ url }, response) => {
    const found = new URL(url ?? '/', 'http://localhost').pathname === '/';
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(found ? page : 'Not found');
  };
}

/** Listens on 127.0.0.1 and, if the machine has it, ::1: a browser uses either for `localhost`. */
async function listen(listener: RequestListener, port: number): Promise<Server[]> {
  const first = await listenAt(listener, port, '127.0.0.1');
  const second = await listenAt(listener, port, '::1').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
    return null;
  });
  return second ? [first, second] : [first];
}

function listenAt(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** A merchant's page with two widgets, each by the script tag as merchants paste it, and a plain link beside it. */
function demoShopPage({ baseUrl, publicKey, links, allowed }: DemoShop) {
  const note = allowed
    ? 'A demo shop. Its origin is on the list of the public key, so the buttons work here.'
    : 'A demo shop whose origin is not on the list of the public key. No button appears; the plain links work.';
  const product = (title: string, text: string, token: string) => html`<article>
<h2>${title}</h2>
<p>${text}</p>
<script src="${baseUrl}/softsolz.js"
data-service-id="payments"
data-public-key="${publicKey}"
data-token="${token}"></script>
<p role="status"></p>
<p><a href="${baseUrl}/pay/link/${token}">Pay for “${title}” on its own page</a></p>
</article>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour Studio, a demo shop</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Harbour Studio</h1>
<p class="note">${note}</p>
<section aria-labelledby="events">
<h2 id="events">Events of the widgets on this page</h2>
<ol id="log"></ol>
</section>
<script>${raw(LOG)}</script>
${product('Studio deposit', 'Your place at the wheel for a day: £50, and the rest when you come.', links.fixed)}
${product('Pay what you want', 'For the open evening: any amount from five euros.', links.open)}
</main>
</body>
</html>`;
}
