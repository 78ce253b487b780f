import type { Child } from 'hono/jsx';
import { may, rolesUpTo } from '../../core/rights.ts';
import type { MemberWithEmail } from '../../db/members.ts';
import { Tag, When } from '../pages/parts.tsx';
import { roleTexts } from '../pages/role-texts.ts';
import type { ShellView } from '../pages/shell.tsx';
import { Cell, Row } from '../pages/table.tsx';
import { pathOf } from '../paths.ts';
import type { Clock } from '../time.ts';
import type { Viewer } from './team-view.ts';
import { teamTexts } from './texts.ts';

interface MemberView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly own: Viewer;
  readonly member: MemberWithEmail;
}

/** A member in the table of the team, with what the person who looks may change. */
export function MemberRow({ shell, clock, own, member }: MemberView): Child {
  const texts = teamTexts[shell.language];
  const { personId, email, role, createdAt } = member;
  const isOwn = personId === own.personId;
  const right = role === 'owner' ? 'members.owners' : 'members.write';
  const mayChange = may(own.role, right, shell.mode);
  const hasSelect = mayChange && !isOwn && role !== 'owner';
  return (
    <Row>
      <Cell kind="a full">
        {email} {isOwn && <Tag>{texts.you}</Tag>}
      </Cell>
      <Cell kind="full">
        {hasSelect ? <RoleForm shell={shell} member={member} /> : <Tag>{roleTexts[shell.language][role].name}</Tag>}
      </Cell>
      <Cell kind="soft" label={texts.since}>
        <When clock={clock} at={createdAt} day />
      </Cell>
      <Cell kind="full soft">{mayChange && <Actions shell={shell} own={own} member={member} />}</Cell>
    </Row>
  );
}

function RoleForm({ shell, member }: Omit<MemberView, 'own' | 'clock'>): Child {
  const { language } = shell;
  const { personId, email, role } = member;
  const texts = teamTexts[language];
  return (
    <form class="row" action={pathOf(shell, `team/members/${personId}/role`)} method="post">
      <input type="hidden" name="from" value={role} />
      <label class="vh" for={`role-${personId}`}>
        {texts.roleOf(email)}
      </label>
      <select id={`role-${personId}`} name="role">
        {rolesUpTo('admin').map((name) => (
          <option value={name} selected={name === role}>
            {roleTexts[language][name].name}
          </option>
        ))}
      </select>
      <button class="btn" type="submit">
        {texts.save}
        <span class="vh">: {email}</span>
      </button>
    </form>
  );
}

/** What is done on a page of its own: all that concerns owners, and removing. */
function Actions({ shell, own, member }: Omit<MemberView, 'clock'>): Child {
  const { language, mode } = shell;
  const { personId, email, role } = member;
  const texts = teamTexts[language];
  const isOwner = role === 'owner';
  const isOwn = personId === own.personId;
  const path = (rest: string) => pathOf(shell, `team/${rest}`);
  const removePath = path(`${isOwner ? 'owners/' : ''}members/${personId}/remove`);
  return (
    <div class="row end">
      {may(own.role, 'members.owners', mode) && (
        <a class="btn bare" href={path(`owners/members/${personId}/role`)}>
          {isOwner ? texts.changeRole : texts.makeOwner}
          <span class="vh">: {email}</span>
        </a>
      )}
      {!isOwn && (
        <a class="btn bare bad" href={removePath}>
          {texts.remove}
          <span class="vh">: {email}</span>
        </a>
      )}
    </div>
  );
}
