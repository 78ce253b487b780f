import type { Child } from 'hono/jsx';
import type { Role } from '../../core/rights.ts';
import { Field } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { RoleChoice } from './role-choice.tsx';
import { teamTexts } from './texts.ts';

/** Why an invitation was refused. */
export type InviteFault =
  | 'noAddress'
  | 'noRole'
  | 'alreadyMember'
  | 'tooManyMembers'
  | 'tooManyInvitations'
  | 'tooOften';

/** What was typed into the form that invites, and why it was refused (null: it was not). */
export interface TypedInvitation {
  readonly email: string;
  readonly role: Role | null;
  readonly fault: InviteFault | null;
}

interface InviteOwnerView {
  readonly shell: ShellView;
  readonly typed: TypedInvitation;
}

interface InviteFormView extends InviteOwnerView {
  /** The roles to choose from. */
  readonly roles: readonly Role[];
  /** What else there is to choose, beside the button. */
  readonly children?: Child;
}

/** The form that invites people up to admins. */
export function InviteForm({ shell, typed, roles, children }: InviteFormView): Child {
  const { language } = shell;
  const texts = teamTexts[language];
  return (
    <form action={pathOf(shell, 'team/invitations')} method="post">
      <AddressField shell={shell} typed={typed} />
      <RoleChoice
        language={language}
        legend={texts.as}
        roles={roles}
        chosen={typed.role}
        fault={typed.fault === 'noRole' ? texts.noRole : null}
      />
      <div class="row">
        <button class="btn main" type="submit">
          {texts.send}
        </button>
        {children}
      </div>
    </form>
  );
}

/** The page that invites an owner. */
export function inviteOwnerPage({ shell, typed }: InviteOwnerView): PageNode {
  const { language } = shell;
  const texts = teamTexts[language];
  return (
    <WorkspaceScreen shell={shell} title={texts.inviteOwner} screen="settings">
      <h1>{texts.inviteOwner}</h1>
      <section class="card stack">
        <p>{texts.inviteOwnerMeans}</p>
        <form action={pathOf(shell, 'team/owners/invitations')} method="post">
          <AddressField shell={shell} typed={typed} />
          <div class="row">
            <button class="btn main" type="submit">
              {texts.send}
            </button>
            <a class="btn" href={pathOf(shell, 'team')}>
              {texts.cancel}
            </a>
          </div>
        </form>
      </section>
    </WorkspaceScreen>
  );
}

function AddressField({ shell: { language }, typed: { email, fault } }: InviteOwnerView): Child {
  const texts = teamTexts[language];
  const input = {
    type: 'email',
    inputmode: 'email',
    autocomplete: 'off',
    required: true,
    maxlength: 254,
    value: email,
  };
  return (
    <Field id="email" label={texts.email} fault={fault && fault !== 'noRole' ? texts[fault] : null} input={input} />
  );
}
