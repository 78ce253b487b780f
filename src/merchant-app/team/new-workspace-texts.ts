import { MOST_WORKSPACES } from '../../domain/workspaces/make-workspace.ts';
import { MAX_NAME_LENGTH } from '../../domain/workspaces/name.ts';
import { inLanguages } from '../language.ts';

/** The page that makes a workspace. */
export const newWorkspaceTexts = inLanguages({
  en: {
    title: 'New workspace',
    makes: 'You get two in one: a sandbox to try everything in, and a live workspace for real money.',
    name: 'Name of your business',
    nameHint: 'Buyers may see it where they pay. It can be changed later.',
    create: 'Create workspace',
    badName: `Enter a name: one line of at most ${MAX_NAME_LENGTH} characters.`,
    tooOften: 'That was too often. Try again in an hour.',
    signedInAs: 'Signed in as',
    signOut: 'Sign out',
    tooManyTitle: 'You cannot make another workspace',
    tooMany: `You are in ${MOST_WORKSPACES} workspaces, which is the most. Leave one first.`,
    notInvitedTitle: 'You need an invitation',
    notInvited:
      'A workspace is made here by people who were invited to make one. To join a workspace that exists, ask its owner to invite this address.',
    toApp: 'Go to the app',
  },
  de: {
    title: 'Neuer Workspace',
    makes:
      'Sie erhalten zwei in einem: eine Sandbox, um alles auszuprobieren, und einen Live-Workspace für echtes Geld.',
    name: 'Name Ihres Unternehmens',
    nameHint: 'Käufer sehen ihn möglicherweise beim Bezahlen. Er lässt sich später ändern.',
    create: 'Workspace erstellen',
    badName: `Geben Sie einen Namen ein: eine Zeile mit höchstens ${MAX_NAME_LENGTH} Zeichen.`,
    tooOften: 'Das war zu oft. Versuchen Sie es in einer Stunde erneut.',
    signedInAs: 'Angemeldet als',
    signOut: 'Abmelden',
    tooManyTitle: 'Sie können keinen weiteren Workspace erstellen',
    tooMany: `Sie gehören zu ${MOST_WORKSPACES} Workspaces. Mehr sind nicht möglich. Verlassen Sie zuerst einen.`,
    notInvitedTitle: 'Sie brauchen eine Einladung',
    notInvited:
      'Einen Workspace erstellen hier Personen, die dazu eingeladen wurden. Um zu einem bestehenden Workspace zu gehören, bitten Sie dessen Inhaber, diese Adresse einzuladen.',
    toApp: 'Zur App',
  },
});
