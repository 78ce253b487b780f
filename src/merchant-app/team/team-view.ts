import type { Role } from '../../core/rights.ts';
import type { SentInvitation } from '../../db/invitations.ts';
import type { MemberWithEmail } from '../../db/members.ts';
import type { ShellView } from '../pages/shell.tsx';
import type { Clock } from '../time.ts';
import type { TypedInvitation } from './invite-form.tsx';

/** What the team screen says about the change before it. */
export interface TeamNotice {
  readonly tone: 'ok' | 'warn';
  readonly text: string;
}

/** The person who looks at a team. */
export interface Viewer {
  readonly personId: string;
  readonly role: Role;
}

/** The people of a workspace, as one of them sees them. */
export interface TeamView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly own: Viewer;
  readonly members: readonly MemberWithEmail[];
  readonly invitations: readonly SentInvitation[];
  readonly typed: TypedInvitation;
  /** null: nothing was changed. */
  readonly notice: TeamNotice | null;
}
