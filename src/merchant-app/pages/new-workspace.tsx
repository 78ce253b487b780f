import type { Child } from 'hono/jsx';
import type { NotAllowed } from '../../db/organisations.ts';
import { MAX_NAME_LENGTH } from '../../domain/workspaces/name.ts';
import type { Language } from '../language.ts';
import { newWorkspaceTexts } from '../texts/new-workspace.ts';
import { Field } from './field.tsx';
import { Mark, Page, type PageNode } from './layout.tsx';

interface PersonView {
  readonly language: Language;
  /** The address of the person who is signed in. */
  readonly email: string;
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
export function newWorkspacePage({ language, email, form, name, fault }: NewWorkspaceView): PageNode {
  const texts = newWorkspaceTexts[language];
  const input = { autocomplete: 'organization', required: true, maxlength: MAX_NAME_LENGTH, value: name };
  return (
    <PersonPage language={language} email={email} title={texts.title} text={texts.makes}>
      <form action="/app/workspaces" method="post">
        <input type="hidden" name="form" value={form} />
        <Field id="name" label={texts.name} hint={texts.nameHint} fault={fault} input={input} />
        <button class="btn main" type="submit">
          {texts.create}
        </button>
      </form>
    </PersonPage>
  );
}

/** The page that says why a person cannot make a workspace. */
export function cannotMakePage({ language, email, why }: PersonView & { readonly why: NotAllowed }): PageNode {
  const texts = newWorkspaceTexts[language];
  if (why === 'not_invited') {
    return <PersonPage language={language} email={email} title={texts.notInvitedTitle} text={texts.notInvited} />;
  }
  return (
    <PersonPage language={language} email={email} title={texts.tooManyTitle} text={texts.tooMany}>
      <a class="btn" href="/app">
        {texts.toApp}
      </a>
    </PersonPage>
  );
}

interface PersonPageView extends PersonView {
  readonly title: string;
  readonly text: string;
  readonly children?: Child;
}

/** A page for somebody who may be in no workspace yet: it has the only way to sign out. */
function PersonPage({ language, email, title, text, children }: PersonPageView): PageNode {
  const texts = newWorkspaceTexts[language];
  return (
    <Page language={language} title={title}>
      <div class="card up stack">
        <Mark />
        <div class="stack tight">
          <h1>{title}</h1>
          <p class="soft">{text}</p>
        </div>
        {children}
        <hr />
        <p class="soft">
          <small>
            {texts.signedInAs} <strong>{email}</strong>
          </small>
        </p>
        <form action="/app/sign-out" method="post">
          <button class="btn bare" type="submit">
            {texts.signOut}
          </button>
        </form>
      </div>
    </Page>
  );
}
