import type { ReceivedInvitation } from '../../db/invitations.ts';
import type { NotAllowed } from '../../db/organisations.ts';
import { MAX_NAME_LENGTH } from '../../domain/workspaces/name.ts';
import { Field } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import type { Clock } from '../time.ts';
import { InvitationList } from './invitation-pages.tsx';
import { newWorkspaceTexts } from './new-workspace-texts.ts';
import { type PersonOfPage, PersonPage } from './person-page.tsx';

interface PersonView extends PersonOfPage {
  readonly clock: Clock;
  /** The invitations that are open for this person. */
  readonly invitations: readonly ReceivedInvitation[];
}

interface NewWorkspaceView extends PersonView {
  /** The id of this form. Sent again, it makes the same workspace. */
  readonly form: string;
  /** What was typed before. */
  readonly name: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: string | null;
}

/** The page that asks for the name of a new workspace. */
export function newWorkspacePage({ form, name, fault, clock, invitations, ...person }: NewWorkspaceView): PageNode {
  const texts = newWorkspaceTexts[person.language];
  const input = { autocomplete: 'organization', required: true, maxlength: MAX_NAME_LENGTH, value: name };
  return (
    <PersonPage {...person} title={texts.title} text={texts.makes}>
      <form action="/app/workspaces" method="post">
        <input type="hidden" name="form" value={form} />
        <Field id="name" label={texts.name} hint={texts.nameHint} fault={fault} input={input} />
        <button class="btn main" type="submit">
          {texts.create}
        </button>
      </form>
      <InvitationList clock={clock} invitations={invitations} />
    </PersonPage>
  );
}

/** The page that says why a person cannot make a workspace. */
export function cannotMakePage({
  why,
  clock,
  invitations,
  ...person
}: PersonView & { readonly why: NotAllowed }): PageNode {
  const texts = newWorkspaceTexts[person.language];
  if (why === 'not_invited') {
    return (
      <PersonPage {...person} title={texts.notInvitedTitle} text={texts.notInvited}>
        <InvitationList clock={clock} invitations={invitations} />
      </PersonPage>
    );
  }
  return (
    <PersonPage {...person} title={texts.tooManyTitle} text={texts.tooMany}>
      <a class="btn" href="/app">
        {texts.toApp}
      </a>
    </PersonPage>
  );
}
