import { html } from 'hono/html';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';
import type { Mail } from '../mail.ts';
import { mailHtml, mailText } from '../mail-layout.ts';

/** For how long (s) a code works. */
export const CODE_SECONDS = 600;

const MINUTES = CODE_SECONDS / 60;

const TEXTS = {
  en: {
    subject: (code: string) => `${code} is your code for ${SERVICE_NAME}`,
    title: 'Your code',
    use: `Enter it on the page where you asked for it. It works once, for ${MINUTES} minutes.`,
    warning: 'We never ask for this code on the phone or in a chat. If you did not ask for it, you need to do nothing.',
  },
  de: {
    subject: (code: string) => `${code} ist Ihr Code für ${SERVICE_NAME}`,
    title: 'Ihr Code',
    use: `Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt einmal, ${MINUTES} Minuten lang.`,
    warning:
      'Wir fragen nie am Telefon oder im Chat nach diesem Code. Haben Sie ihn nicht angefordert, müssen Sie nichts tun.',
  },
};

const CODE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:32px;font-weight:700;letter-spacing:8px';

/** The mail that brings a code of six digits. */
export async function codeMail(to: string, code: string, language: Language): Promise<Mail> {
  const { subject, title, use, warning } = TEXTS[language];
  const paragraphs = [html`<span style="${CODE}">${code}</span>`, use, warning];
  return {
    to,
    subject: subject(code),
    text: mailText(title, code, use, warning),
    html: await mailHtml({ language, title, paragraphs }),
  };
}
