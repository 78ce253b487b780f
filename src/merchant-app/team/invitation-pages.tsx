import type { Child } from 'hono/jsx';
import type { ReceivedInvitation } from '../../db/invitations.ts';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';
import { Day } from '../pages/day.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { MessagePage } from '../pages/message.tsx';
import { messageTexts } from '../pages/message-texts.ts';
import { roleTexts } from '../pages/role-texts.ts';
import { invitationTexts } from './invitation-texts.ts';
import { type PersonOfPage, PersonPage } from './person-page.tsx';

interface InvitationsView extends PersonOfPage {
  readonly invitations: readonly ReceivedInvitation[];
}

/** The open invitations of a person. */
export function invitationsPage({ invitations, ...person }: InvitationsView): PageNode {
  const texts = invitationTexts[person.language];
  const [isNone, toApp] = [invitations.length === 0, messageTexts[person.language].toApp];
  return (
    <PersonPage
      {...person}
      title={isNone ? texts.noneTitle : texts.title}
      text={isNone ? texts.none(person.email) : texts.intro}
    >
      <InvitationList language={person.language} invitations={invitations} />
      {isNone ? (
        <a class="btn" href="/app">
          {toApp}
        </a>
      ) : (
        <a class="btn bare" href="/app/workspaces/new">
          {texts.own}
        </a>
      )}
    </PersonPage>
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
        <p>{texts.who(inviter ?? SERVICE_NAME)}</p>
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
          <button class="btn main" type="submit">
            {texts.accept}
            <span class="vh">: {organisation.name}</span>
          </button>
        </form>
        <form action={`/app/invitations/${id}/decline`} method="post">
          <button class="btn" type="submit">
            {texts.decline}
            <span class="vh">: {organisation.name}</span>
          </button>
        </form>
      </div>
    </section>
  );
}

/** The page for an invitation that is not open, or is for somebody else: it does not say which. */
export function invitationGonePage({ language, email }: PersonOfPage): PageNode {
  const { goneTitle, gone } = invitationTexts[language];
  return (
    <PersonPage language={language} email={email} title={goneTitle} text={gone(email)}>
      <a class="btn" href="/app">
        {messageTexts[language].toApp}
      </a>
    </PersonPage>
  );
}

/** The page for an invitation to a workspace that has as many members as it can have. */
export function workspaceFullPage(language: Language): PageNode {
  const { fullTitle, full } = invitationTexts[language];
  return <MessagePage language={language} title={fullTitle} text={full} />;
}
