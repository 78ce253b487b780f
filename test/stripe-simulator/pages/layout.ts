import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #596171; --line: #d5dbe1; --field: #8792a2; --page: #f6f8fa; --card: #fff;
  --accent: #5145cd; --on-accent: #fff; --bad: #b3093c; --flag: #fff4d6; --flag-ink: #6b4700; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef0f6; --soft: #a9b0c0; --line: #3a4054; --field: #737c93; --page: #14161f;
  --card: #1e212d; --accent: #a59cff; --on-accent: #14161f; --bad: #ff8fab; --flag: #3b2f10; --flag-ink: #ffdf94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
.flag { margin: 0; padding: .5rem 1rem; background: var(--flag); color: var(--flag-ink); text-align: center; font-size: .875rem; }
main { width: min(100% - 2rem, 56rem); margin: 2rem auto; display: grid; gap: 2rem; }
main.embedded { width: auto; margin: 1rem; gap: 1rem; }
main.narrow { width: min(100% - 2rem, 30rem); }
@media (min-width: 48rem) { main.wide { grid-template-columns: 1fr 1fr; margin-top: 4rem; gap: 4rem; } }
h1 { font-size: 1rem; font-weight: 500; color: var(--soft); margin: 0; overflow-wrap: anywhere; }
main > section > p { margin: 0 0 .5rem; }
main.narrow h1 { font-size: 1.5rem; font-weight: 600; color: var(--ink); }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
code { font-size: .8125rem; overflow-wrap: anywhere; }
dl, ul { margin: 0; padding: 0; list-style: none; }
dd { margin: 0 0 .75rem; color: var(--soft); font-size: .875rem; }
main > p { margin: 0; }
.amount { font-size: 2.25rem; font-weight: 600; margin: .25rem 0 1.5rem; line-height: 1.2; }
.item { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
.item span:first-child { overflow-wrap: anywhere; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; }
form { display: grid; gap: 1rem; }
label { display: block; font-size: .875rem; font-weight: 500; margin-bottom: .25rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--field);
  border-radius: 8px; padding: .625rem .75rem; min-height: 44px; }
::placeholder { color: var(--soft); opacity: .8; }
p:last-child { margin-bottom: 0; }
input[readonly] { background: var(--page); color: var(--soft); }
input[aria-invalid='true'] { border-color: var(--bad); }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: .5rem; }
legend { font-size: .875rem; font-weight: 500; padding: 0; margin-bottom: .25rem; }
.option { display: flex; gap: .75rem; align-items: center; margin: 0; padding: .5rem .75rem; min-height: 44px;
  border: 1px solid var(--field); border-radius: 8px; font-weight: 400; cursor: pointer; }
.option:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.option:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
input[type='radio'] { width: 1.125rem; height: 1.125rem; min-height: 0; flex: none; margin: 0; padding: 0; accent-color: var(--accent); outline: none; }
input[type='date'] { min-width: 0; appearance: none; }
.given { margin-bottom: 1.5rem; }
.given dt { font-size: .875rem; }
.given dd { overflow-wrap: anywhere; }
.change { font-size: .875rem; font-weight: 400; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.error { margin: .25rem 0 0; color: var(--bad); font-size: .875rem; }
button { font: inherit; font-weight: 600; min-height: 48px; border-radius: 8px; border: 1px solid var(--accent);
  background: var(--accent); color: var(--on-accent); cursor: pointer; padding: .5rem 1rem; }
button.second { background: transparent; color: var(--ink); border-color: var(--field); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hint { margin: 0; color: var(--soft); font-size: .875rem; }
input + .hint { margin-top: .25rem; }
`;

/** A page of the simulator, labelled as such. */
export function page(title: string, width: 'narrow' | 'wide', content: Html): Html {
  return document(title, '', html`<main class="${width}">${content}</main>`);
}

/** A page inside an iframe, with the script that reports its height and the end of the session to the page around it. */
export function embeddedLayout(title: string, content: Html, attributes: Html | '' = ''): Html {
  const script = html`<script src="/embedded.js" defer></script>`;
  return document(title, script, html`<main class="embedded" aria-label="${title}" ${attributes}>${content}</main>`);
}

function document(title: string, head: Html | '', body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(STYLE)}</style>
${head}
</head>
<body>
<header class="flag">Stripe simulator. No money moves here.</header>
${body}
</body>
</html>`;
}

/** A page with only a message. */
export function messagePage(title: string, message: string, link?: { href: string; text: string }): Html {
  const back = link ? html`<p><a href="${link.href}">${link.text}</a></p>` : '';
  return page(title, 'narrow', html`<div class="panel"><h1>${title}</h1><p>${message}</p>${back}</div>`);
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Headers of a whole page: never embedded, never cached, no script. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'same-origin',
};

/** Answers with a whole page. */
export async function show(c: Context, status: 200 | 402 | 404 | 410 | 422, content: Html): Promise<Response> {
  return c.body(String(await content), status, PAGE_HEADERS);
}

/** Headers of a page inside an iframe: any site may embed it, like Stripe's. */
export const EMBEDDED_HEADERS = { ...PAGE_HEADERS, 'content-security-policy': `${POLICY}; script-src 'self'` };
