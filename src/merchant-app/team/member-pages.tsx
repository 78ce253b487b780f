import { rolesUpTo } from '../../core/rights.ts';
import type { SentInvitation } from '../../db/invitations.ts';
import type { MemberWithEmail } from '../../db/members.ts';
import type { PageNode } from '../pages/layout.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { TeamRiskPage } from './risk-page.tsx';
import { riskTexts } from './risk-texts.ts';
import { RoleChoice } from './role-choice.tsx';

interface MemberView {
  readonly shell: ShellView;
  readonly member: MemberWithEmail;
}

/** The page that makes a member an owner, or gives an owner another role. */
export function ownerRolePage({ shell, member: { personId, email, role } }: MemberView): PageNode {
  const { language } = shell;
  const texts = riskTexts[language];
  const action = `team/owners/members/${personId}/role`;
  if (role === 'owner') {
    const choice = {
      language,
      legend: texts.role,
      roles: rolesUpTo('admin').toReversed(),
      chosen: 'admin',
      fault: null,
    } as const;
    const parts = { title: texts.changeRole(email), means: [texts.changeRoleMeans], button: texts.changeRoleButton };
    return (
      <TeamRiskPage shell={shell} action={action} isBad={false} {...parts}>
        <input type="hidden" name="from" value={role} />
        <RoleChoice {...choice} />
      </TeamRiskPage>
    );
  }
  const parts = { title: texts.makeOwner(email), means: [texts.ownerMeans], button: texts.makeOwnerButton };
  return (
    <TeamRiskPage shell={shell} action={action} isBad={false} {...parts}>
      <input type="hidden" name="from" value={role} />
      <input type="hidden" name="role" value="owner" />
    </TeamRiskPage>
  );
}

/** The page that asks whether a member is to be removed. */
export function removePage({ shell, member: { personId, email, role } }: MemberView): PageNode {
  const texts = riskTexts[shell.language];
  const action = `team/${role === 'owner' ? 'owners/' : ''}members/${personId}/remove`;
  const means = [texts.removeMeans, texts.removeKeys];
  return (
    <TeamRiskPage shell={shell} title={texts.remove(email)} means={means} action={action} button={texts.removeButton} />
  );
}

interface InvitationView {
  readonly shell: ShellView;
  readonly invitation: SentInvitation;
}

/** The page that asks whether the invitation of an owner is to be sent again. */
export function resendOwnerPage({ shell, invitation }: InvitationView): PageNode {
  const texts = riskTexts[shell.language];
  const action = `team/owners/invitations/${invitation.id}/resend`;
  const parts = { title: texts.resend(invitation.email), means: [texts.resendMeans], button: texts.resendButton };
  return <TeamRiskPage shell={shell} action={action} isBad={false} {...parts} />;
}

/** The page that asks whether the invitation of an owner is to be withdrawn. */
export function revokeOwnerPage({ shell, invitation }: InvitationView): PageNode {
  const texts = riskTexts[shell.language];
  const action = `team/owners/invitations/${invitation.id}/revoke`;
  const parts = { title: texts.revoke(invitation.email), means: [texts.revokeMeans], button: texts.revokeButton };
  return <TeamRiskPage shell={shell} action={action} {...parts} />;
}

interface LeaveView {
  readonly shell: ShellView;
  /** The path in the workspace that the form is sent to. */
  readonly action: string;
  /** True: they cannot leave. */
  readonly isLastOwner: boolean;
}

/** The page that asks whether somebody wants to leave. */
export function leavePage({ shell, action, isLastOwner }: LeaveView): PageNode {
  const texts = riskTexts[shell.language];
  const title = texts.leave(shell.organisation.name);
  return (
    <TeamRiskPage
      shell={shell}
      title={title}
      means={[isLastOwner ? texts.leaveLast : texts.leaveMeans]}
      action={isLastOwner ? null : action}
      button={texts.leaveButton}
    />
  );
}
