import type { Child } from 'hono/jsx';
import type { ReceivedInvitation } from '../../db/invitations.ts';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';
import type { PageNode } from '../pages/layout.tsx';
import { MessagePage } from '../pages/message.tsx';
import { messageTexts } from '../pages/message-texts.ts';
import { When } from '../pages/parts.tsx';
import { roleTexts } from '../pages/role-texts.ts';
import type { Clock } from '../time.ts';
import { invitationTexts } from './invitation-texts.ts';
import { type PersonOfPage, PersonPage } from './person-page.tsx';

interface InvitationsView extends PersonOfPage {
  readonly clock: Clock;
  readonly invitations: readonly ReceivedInvitation[];
}

/** The open invitations of a person. */
export function invitationsPage({ clock, invitations, ...person }: InvitationsView): PageNode {
  const texts = invitationTexts[person.language];
  const [isNone, toApp] = [invitations.length === 0, messageTexts[person.language].toApp];
  return (
    <PersonPage
      {...person}
      title={isNone ? texts.noneTitle : texts.title}
      text={isNone ? texts.none(person.email) : texts.intro}
    >
      <InvitationList clock={clock} invitations={invitations} />
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
  readonly clock: Clock;
  readonly invitations: readonly ReceivedInvitation[];
}

/** Invitations, each with who invites, to what, as what, and the two answers to it. */
export function InvitationList({ clock, invitations }: ListView): Child {
  return invitations.map((invitation) => <Invitation clock={clock} invitation={invitation} />);
}

function Invitation({ clock, invitation }: { clock: Clock; invitation: ReceivedInvitation }): Child {
  const { language } = clock;
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
          {texts.openUntil} <When clock={clock} at={expiresAt} day />
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
