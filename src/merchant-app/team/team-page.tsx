import type { Child } from 'hono/jsx';
import { may, rolesUpTo } from '../../core/rights.ts';
import type { PageNode } from '../pages/layout.tsx';
import { Notice } from '../pages/parts.tsx';
import { WorkspaceScreen } from '../pages/shell.tsx';
import { Table } from '../pages/table.tsx';
import { pathOf } from '../paths.ts';
import { SettingsHead } from '../settings/tabs.tsx';
import { InvitationItem } from './invitation-item.tsx';
import { InviteForm } from './invite-form.tsx';
import { MemberRow } from './member-row.tsx';
import type { TeamView } from './team-view.ts';
import { teamTexts } from './texts.ts';

/** The team screen: who is in a workspace and who is invited, and the forms that change it, as far as the role allows. */
export function teamPage(view: TeamView): PageNode {
  const { shell, own, notice } = view;
  const { language, mode } = shell;
  const texts = teamTexts[language];
  const mayInvite = may(own.role, 'members.write', mode);
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="settings">
      <SettingsHead shell={shell} current="team" />
      {notice !== null && (
        <Notice tone={notice.tone} role="status">
          {notice.text}
        </Notice>
      )}
      <Members view={view} />
      {mayInvite && <Invite view={view} />}
      <Invitations view={view} />
      <div class="row">
        <a class="btn" href={pathOf(shell, 'team/leave')}>
          {texts.leave}
        </a>
        {may(own.role, 'workspace.close', mode) && !shell.isClosed && (
          <a class="btn bare bad" href={pathOf(shell, 'close')}>
            {texts.close}
          </a>
        )}
      </div>
    </WorkspaceScreen>
  );
}

function Members({ view }: { view: TeamView }): Child {
  const { shell, clock, own, members } = view;
  const { language, mode } = shell;
  const texts = teamTexts[language];
  const mayChange = may(own.role, 'members.write', mode);
  return (
    <section class="card flush" aria-labelledby="members">
      <div class="head">
        <div>
          <h2 id="members">{texts.people}</h2>
          <p class="soft">{texts.same}</p>
        </div>
      </div>
      <Table
        caption={texts.people}
        columns={[
          { text: texts.person, kind: 'a full' },
          { text: texts.role, kind: 'full' },
          { text: texts.since, kind: '' },
          { text: texts.actions, kind: 'full', isHidden: true },
        ]}
      >
        {members.map((member) => (
          <MemberRow shell={shell} clock={clock} own={own} member={member} />
        ))}
      </Table>
      {own.role !== 'owner' && <p class="soft pad foot">{mayChange ? texts.onlyOwners : texts.onlyAdmins}</p>}
    </section>
  );
}

function Invite({ view: { shell, own, typed } }: { view: TeamView }): Child {
  const { language, mode } = shell;
  const texts = teamTexts[language];
  return (
    <section class="card stack" aria-labelledby="invite">
      <h2 id="invite">{texts.invite}</h2>
      <InviteForm shell={shell} typed={typed} roles={rolesUpTo('admin').toReversed()}>
        {may(own.role, 'members.owners', mode) && (
          <a class="btn bare" href={pathOf(shell, 'team/owners/invitations/new')}>
            {texts.inviteOwner}
          </a>
        )}
      </InviteForm>
    </section>
  );
}

function Invitations({ view: { shell, clock, own, invitations } }: { view: TeamView }): Child {
  const texts = teamTexts[shell.language];
  return (
    <section class="card flush" aria-labelledby="invitations">
      <div class="head">
        <h2 id="invitations">{texts.invitations}</h2>
      </div>
      {invitations.length === 0 && <p class="soft pad foot">{texts.none}</p>}
      <ul class="list">
        {invitations.map((invitation) => (
          <InvitationItem shell={shell} clock={clock} own={own} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}
