import type { Child } from 'hono/jsx';
import { may } from '../../core/rights.ts';
import type { SentInvitation } from '../../db/invitations.ts';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import { Tag, When } from '../pages/parts.tsx';
import { roleTexts } from '../pages/role-texts.ts';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import type { Clock } from '../time.ts';
import type { Viewer } from './team-view.ts';
import { teamTexts } from './texts.ts';

interface InvitationView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly own: Viewer;
  readonly invitation: SentInvitation;
}

/** An open invitation in the list of the team, with what the person who looks may do with it. */
export function InvitationItem({ shell, clock, own, invitation }: InvitationView): Child {
  const { language, mode } = shell;
  const texts = teamTexts[language];
  const { email, role, inviter, expiresAt } = invitation;
  const mayChange = may(own.role, role === 'owner' ? 'members.owners' : 'members.write', mode);
  return (
    <li>
      <div>
        <strong>{email}</strong> <Tag>{roleTexts[language][role].name}</Tag>
        <small>
          {texts.invitedBy(inviter ?? SERVICE_NAME)}, {texts.expires} <When clock={clock} at={expiresAt} day />
        </small>
      </div>
      {mayChange &&
        (role === 'owner' ? (
          <OwnerActions shell={shell} invitation={invitation} />
        ) : (
          <Actions shell={shell} invitation={invitation} />
        ))}
    </li>
  );
}

type Part = Omit<InvitationView, 'own' | 'clock'>;

function Actions({ shell, invitation: { id, email } }: Part): Child {
  const texts = teamTexts[shell.language];
  const path = pathOf(shell, `team/invitations/${id}`);
  return (
    <div class="row end">
      <form action={`${path}/resend`} method="post">
        <button class="btn bare" type="submit">
          {texts.again}
          <span class="vh">: {email}</span>
        </button>
      </form>
      <form action={`${path}/revoke`} method="post">
        <button class="btn bare bad" type="submit">
          {texts.revoke}
          <span class="vh">: {email}</span>
        </button>
      </form>
    </div>
  );
}

/** Guarded: each begins with a page that can ask to confirm. */
function OwnerActions({ shell, invitation: { id, email } }: Part): Child {
  const texts = teamTexts[shell.language];
  const path = pathOf(shell, `team/owners/invitations/${id}`);
  return (
    <div class="row end">
      <a class="btn bare" href={`${path}/resend`}>
        {texts.again}
        <span class="vh">: {email}</span>
      </a>
      <a class="btn bare bad" href={`${path}/revoke`}>
        {texts.revoke}
        <span class="vh">: {email}</span>
      </a>
    </div>
  );
}
