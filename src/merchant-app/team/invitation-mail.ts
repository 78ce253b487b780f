import { html } from 'hono/html';
import type { Role } from '../../core/rights.ts';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import { inLanguages, type Language } from '../language.ts';
import type { Mail } from '../mail.ts';
import { mailHtml, mailText } from '../mail-layout.ts';
import { roleTexts } from '../pages/role-texts.ts';

/** What a mail says that invites somebody. */
interface InvitationLetter {
  readonly to: string;
  /** The name of the workspace. */
  readonly workspace: string;
  /** The address of the person who invites. */
  readonly inviter: string;
  readonly role: Role;
  /** The address of the page on which the invitation is accepted. */
  readonly url: string;
  readonly language: Language;
}

/** Somebody who signs up chooses this name: it gets one line of the mail, and no room for a message. */
const MAX_NAME = 60;
/** Mail programs make a link of what stands around one of these. */
const LINK_SIGN = /(?:[.\u3002\uff0e\uff61@]|:\/\/)(?=\S)/gu;

const TEXTS = inLanguages({
  en: {
    subject: (workspace: string) => `Invitation to ${workspace}`,
    title: (workspace: string) => `You are invited to ${workspace}`,
    who: (inviter: string, role: string) => `${inviter} invites you to this workspace in ${SERVICE_NAME} as ${role}.`,
    open: 'See the invitation',
    how: (email: string) =>
      `Sign in with ${email}. You need no password: we send you a code. The invitation is open for 7 days.`,
    warning: 'If you do not know who this is from, you need to do nothing.',
  },
  de: {
    subject: (workspace: string) => `Einladung zu ${workspace}`,
    title: (workspace: string) => `Sie sind zu ${workspace} eingeladen`,
    who: (inviter: string, role: string) =>
      `${inviter} lädt Sie in diesen Workspace bei ${SERVICE_NAME} ein. Ihre Rolle: ${role}.`,
    open: 'Einladung ansehen',
    how: (email: string) =>
      `Melden Sie sich mit ${email} an. Sie brauchen kein Passwort: Wir senden Ihnen einen Code. Die Einladung gilt 7 Tage.`,
    warning: 'Wenn Sie nicht wissen, von wem das kommt, müssen Sie nichts tun.',
  },
});

const BUTTON =
  'display:inline-block;padding:12px 20px;border:1px solid #80889a;border-radius:12px;background:#14171f;color:#ffffff;font-weight:600;text-decoration:none';

/** The mail that invites somebody to a workspace. */
export async function invitationMail(letter: InvitationLetter): Promise<Mail> {
  const { to, workspace, inviter, role, url, language } = letter;
  const texts = TEXTS[language];
  const { name, can } = roleTexts[language][role];
  const shownName = inMail(workspace);
  const title = texts.title(shownName);
  const [who, how] = [texts.who(inviter, name), texts.how(to)];
  const what = `${name}: ${can}`;
  const button = html`<a href="${url}" style="${BUTTON}">${texts.open}</a>`;
  return {
    to,
    subject: texts.subject(shownName),
    text: mailText(title, who, what, `${texts.open}:\n${url}`, how, texts.warning),
    html: await mailHtml({ language, title, paragraphs: [who, what, button, how, texts.warning] }),
  };
}

/** The name of a workspace, short, and so that no mail program makes a link of a part of it: `evil. com`. */
function inMail(name: string): string {
  const characters = [...name.replace(LINK_SIGN, '$& ')];
  return characters.length <= MAX_NAME ? characters.join('') : `${characters.slice(0, MAX_NAME - 1).join('')}…`;
}
