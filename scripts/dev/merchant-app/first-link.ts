import { html } from 'hono/html';
import { sha256Hex } from '../../../src/core/crypto.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { countUses } from '../../../src/db/sign-in.ts';
import type { Bindings, Config } from '../../../src/merchant-app/env.ts';
import { MessagePage } from '../../../src/merchant-app/pages/message.tsx';
import { enterCode, makeAuth, makeCode } from '../../../src/merchant-app/sign-in/auth.ts';
import { DEMO_OWNER, FIRST_LINK_PATH } from './demo-owner.ts';
import { MAIL_PATH } from './mail-pages.ts';

/** The bindings of the merchant app in a local copy. */
export interface LocalBindings extends Bindings {
  /** The SHA-256 digest of the token in the link, in hexadecimal. */
  readonly FIRST_LINK_DIGEST: string;
}

/** Longer than any copy lasts: a use is never forgotten. */
const FOREVER_MS = 100 * 365 * 24 * 60 * 60_000;

/** Signs in the demo's owner who opens the link of `npm start` for the first time. Later it says how to get another. */
export async function respondFirstLink(request: Request, env: LocalBindings, config: Config): Promise<Response> {
  const token = new URL(request.url).pathname.slice(FIRST_LINK_PATH.length);
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { Allow: 'GET' } });
  if ((await sha256Hex(token)) !== env.FIRST_LINK_DIGEST) return await usedUp();
  const use = { key: `first link ${env.FIRST_LINK_DIGEST}`, most: 1, windowMs: FOREVER_MS };
  if (!(await countUses(openDatabase(env.DB), [use], Date.now()))) return await usedUp();

  const auth = makeAuth(env, config);
  const code = await makeCode(auth, DEMO_OWNER);
  const cookies = await enterCode(auth, DEMO_OWNER, code, request.headers);
  if (cookies === null) throw new Error('The code of the demo’s owner was refused.');
  const headers = new Headers({ Location: '/app/test/home', 'Cache-Control': 'no-store' });
  for (const cookie of cookies.getSetCookie()) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

async function usedUp(): Promise<Response> {
  const page = await MessagePage({
    language: 'en',
    title: 'This link does not work any more',
    text: 'It signs in once, and only until the next start. To get a new one, stop npm start with Ctrl-C and start it again.',
    children: html`<p>You can also sign in as <b>${DEMO_OWNER}</b>. The code is in the terminal and <a href="${MAIL_PATH}">among the mails</a>.</p>`,
  });
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
  return new Response(String(page), { status: 410, headers });
}
