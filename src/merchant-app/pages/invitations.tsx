import type { Child } from 'hono/jsx';
import type { ReceivedInvitation } from '../../db/invitations.ts';
import type { Language } from '../language.ts';
import { invitationTexts } from '../texts/invitations.ts';
import { roleTexts } from '../texts/roles.ts';
import { Mark, Page, type PageNode } from './layout.tsx';
import { MessagePage } from './message.tsx';
import { Day } from './sessions.tsx';

interface InvitationsView {
  readonly language: Language;
  /** The address of the person who is signed in. */
  readonly email: string;
  readonly invitations: readonly ReceivedInvitation[];
}

/** The open invitations of a person. */
export function invitationsPage({ language, email, invitations }: InvitationsView): PageNode {
  const texts = invitationTexts[language];
  if (invitations.length === 0) {
    return <MessagePage language={language} title={texts.noneTitle} text={texts.none(email)} />;
  }
  return (
    <Page language={language} title={texts.title}>
      <div class="card up stack">
        <Mark />
        <div class="stack tight">
          <h1>{texts.title}</h1>
          <p class="soft">{texts.signedInAs(email)}</p>
        </div>
        <InvitationList language={language} invitations={invitations} />
        <a class="btn bare" href="/app/workspaces/new">
          {texts.own}
        </a>
      </div>
    </Page>
  );
}

interface ListView {
  readonly language: Language;
  readonly invitations: readonly ReceivedInvitation[];
}

/** Invitations, each with who invites, to what, as what, and the two answers to it. */
export function InvitationList({ language, invitations }: ListView): Child {
  return invitations.map((invitation) => <Invitation language={language} invitation={invitation} />);
}

function Invitation({ language, invitation }: { language: Language; invitation: ReceivedInvitation }): Child {
  const texts = invitationTexts[language];
  const { id, organisation, role, inviter, expiresAt } = invitation;
  const { name, can } = roleTexts[language][role];
  return (
    <section class="stack" aria-labelledby={id}>
      <hr />
      <div class="stack tight">
        <h2 id={id}>{organisation.name}</h2>
        <p>{texts.who(inviter ?? texts.operator)}</p>
        <p>
          {texts.yourRole}: <strong>{name}</strong>
        </p>
        <p class="soft">{can}</p>
        <p class="soft">
          {texts.openUntil} <Day language={language} date={new Date(expiresAt)} />
        </p>
      </div>
      <div class="row">
        <form action={`/app/invitations/${id}/accept`} method="post">
          <input type="hidden" name="workspace" value={organisation.id} />
          <button class="btn main" type="submit" aria-label={texts.acceptOf(organisation.name)}>
            {texts.accept}
          </button>
        </form>
        <form action={`/app/invitations/${id}/decline`} method="post">
          <button class="btn" type="submit" aria-label={texts.declineOf(organisation.name)}>
            {texts.decline}
          </button>
        </form>
      </div>
    </section>
  );
}

/** The page for an invitation that is not open, or is for somebody else: it does not say which. */
export function invitationGonePage({ language, email }: Pick<InvitationsView, 'language' | 'email'>): PageNode {
  const texts = invitationTexts[language];
  return (
    <MessagePage language={language} title={texts.goneTitle} text={texts.gone(email)}>
      <form action="/app/sign-out" method="post">
        <button class="btn" type="submit">
          {texts.signOut}
        </button>
      </form>
    </MessagePage>
  );
}

/** The page for an invitation to a workspace that has as many members as it can have. */
export function workspaceFullPage(language: Language): PageNode {
  const { fullTitle, full } = invitationTexts[language];
  return <MessagePage language={language} title={fullTitle} text={full} />;
}
