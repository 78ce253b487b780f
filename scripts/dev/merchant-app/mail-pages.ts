import { html } from 'hono/html';
import type { Mail } from '../../../src/merchant-app/mail.ts';

/** Where a local copy shows the mails that it did not send. */
export const MAIL_PATH = '/app/dev/mail';

/** Answers the list of mails, or the HTML of the mail whose number is in the path. */
export async function respondMail(pathname: string, mails: readonly Mail[]): Promise<Response> {
  if (pathname === MAIL_PATH) return page(String(await listOf(mails)));
  const mail = mails[mails.length - Number(pathname.slice(MAIL_PATH.length + 1))];
  return mail ? page(mail.html) : new Response('No such mail', { status: 404 });
}

function page(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' } });
}

/** Mails are numbered from 1 in the order in which they came, as long as none was forgotten. */
function listOf(mails: readonly Mail[]) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Mail of this local copy</title>
<link rel="stylesheet" href="/app/style.css">
</head>
<body>
<main>
<h1>Mail of this local copy</h1>
<p class="soft">${mails.length === 0 ? 'No mail was written since the start.' : 'The newest first. None of it was sent.'}</p>
${mails.map(
  (mail, index) => html`<article class="card stack">
<div class="stack tight"><h2>${mail.subject}</h2><small>To ${mail.to}</small></div>
<p style="white-space:pre-wrap">${mail.text}</p>
<a href="${MAIL_PATH}/${mails.length - index}">As HTML</a>
</article>`,
)}
</main>
</body>
</html>`;
}
