import { merchantApp } from '../../../src/merchant-app/app.ts';
import { configOf } from '../../../src/merchant-app/env.ts';
import type { Mail } from '../../../src/merchant-app/mail.ts';
import { FIRST_LINK_PATH } from './demo-owner.ts';
import { type LocalBindings, respondFirstLink } from './first-link.ts';
import { MAIL_PATH, respondMail } from './mail-pages.ts';

// The merchant app of a local copy. It sends no mail: it keeps the newest, shows them at /app/dev/mail, and logs each. And it
// signs in whoever opens the link that `npm start` prints.

const MOST_MAILS = 50;
/** The newest first. */
const mails: Mail[] = [];

const app = merchantApp(() => async (mail) => {
  mails.unshift(mail);
  mails.length = Math.min(mails.length, MOST_MAILS);
  const { to, subject, text } = mail;
  console.info(JSON.stringify({ level: 'info', message: 'mail', to, subject, text }));
});

export default {
  async fetch(request, env, execution) {
    const { pathname } = new URL(request.url);
    if (pathname === MAIL_PATH || pathname.startsWith(`${MAIL_PATH}/`)) return respondMail(pathname, mails);
    const parsed = configOf(env);
    if (parsed.ok && pathname.startsWith(FIRST_LINK_PATH)) return await respondFirstLink(request, env, parsed.config);
    return await app.fetch(request, env, execution);
  },
} satisfies ExportedHandler<LocalBindings>;
