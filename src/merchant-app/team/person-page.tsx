import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { CardPage, type PageNode } from '../pages/layout.tsx';
import { newWorkspaceTexts } from './new-workspace-texts.ts';

/** Who sees a page that is in no workspace. */
export interface PersonOfPage {
  readonly language: Language;
  /** The address of the person who is signed in. */
  readonly email: string;
}

interface PersonPageView extends PersonOfPage {
  readonly title: string;
  readonly text: string;
  readonly children?: Child;
}

/** A page for somebody who may be in no workspace yet: it has the only way to sign out. */
export function PersonPage({ language, email, title, text, children }: PersonPageView): PageNode {
  const texts = newWorkspaceTexts[language];
  return (
    <CardPage language={language} title={title} text={text}>
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
    </CardPage>
  );
}
