import { inLanguages } from '../language.ts';

/** The invitations that a person has received. */
export const invitationTexts = inLanguages({
  en: {
    title: 'You are invited',
    intro: 'Accept only what you expect. You can leave a workspace again at any time.',
    who: (inviter: string) => `${inviter} invites you.`,
    yourRole: 'Your role',
    openUntil: 'Open until',
    accept: 'Accept',
    decline: 'Decline',
    own: 'Make a workspace of your own',
    noneTitle: 'No open invitation',
    none: (email: string) =>
      `Nobody has invited ${email}, or the invitation was withdrawn, has expired or was used already.`,
    goneTitle: 'This invitation is not open',
    gone: (email: string) =>
      `It was withdrawn, has expired or was used already, or it is for another address than ${email}. Ask who invited you for a new one, or sign in with the address that was invited.`,
    fullTitle: 'This workspace is full',
    full: 'It has as many members as a workspace can have. Ask the person who invited you to make room: your invitation stays open.',
  },
  de: {
    title: 'Sie sind eingeladen',
    intro: 'Nehmen Sie nur an, was Sie erwarten. Sie können einen Workspace jederzeit wieder verlassen.',
    who: (inviter: string) => `${inviter} lädt Sie ein.`,
    yourRole: 'Ihre Rolle',
    openUntil: 'Gültig bis',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    own: 'Einen eigenen Workspace anlegen',
    noneTitle: 'Keine offene Einladung',
    none: (email: string) =>
      `Niemand hat ${email} eingeladen, oder die Einladung wurde zurückgenommen, ist abgelaufen oder schon benutzt.`,
    goneTitle: 'Diese Einladung ist nicht offen',
    gone: (email: string) =>
      `Sie wurde zurückgenommen, ist abgelaufen oder schon benutzt, oder sie gilt für eine andere Adresse als ${email}. Bitten Sie um eine neue, oder melden Sie sich mit der eingeladenen Adresse an.`,
    fullTitle: 'Dieser Workspace ist voll',
    full: 'Er hat so viele Mitglieder, wie ein Workspace haben kann. Bitten Sie die Person, die Sie eingeladen hat, Platz zu schaffen: Ihre Einladung bleibt offen.',
  },
});
