import type { Child } from 'hono/jsx';
import type { Role } from '../../core/rights.ts';
import type { Language } from '../language.ts';
import type { PageNode } from './layout.tsx';
import { MessagePage } from './message.tsx';
import { refusedTexts } from './refused-texts.ts';
import { roleTexts } from './role-texts.ts';

type RefusedView = { readonly language: Language } & (
  | { readonly why: 'no_member' | 'closed' }
  /** `confirm`: the path of the page that confirms. */
  | { readonly why: 'proof'; readonly confirm: string }
  | { readonly why: 'role'; readonly role: Role; readonly needed: Role }
  /** `sandbox`: the path of the first screen there. */
  | { readonly why: 'not_set_up'; readonly sandbox: string }
  /** `finish`: the path that finishes it. null: the reader may not. */
  | { readonly why: 'unfinished'; readonly finish: string | null }
);

/** The page that says why a person cannot do what they asked for, and what they can do instead. */
export function refusedPage(view: RefusedView): PageNode {
  const { language } = view;
  const texts = refusedTexts[language];
  const roles = roleTexts[language];
  switch (view.why) {
    case 'no_member':
      return <MessagePage language={language} title={texts.nothingHere} text={texts.noMember} />;
    case 'proof':
      return (
        <MessagePage language={language} title={texts.proofTitle} text={texts.proof}>
          <a class="btn main" href={view.confirm}>
            {texts.confirm}
          </a>
        </MessagePage>
      );
    case 'role': {
      const text = texts.role(roles[view.role].name, roles[view.needed].name);
      return <MessagePage language={language} title={texts.roleTitle} text={text} />;
    }
    case 'not_set_up':
      return (
        <MessagePage language={language} title={texts.notSetUpTitle} text={texts.notSetUp}>
          <a class="btn main" href={view.sandbox}>
            {texts.toSandbox}
          </a>
        </MessagePage>
      );
    case 'closed':
      return <MessagePage language={language} title={texts.closedTitle} text={texts.closed} />;
    case 'unfinished':
      return (
        <MessagePage language={language} title={texts.unfinishedTitle} text={texts.unfinished}>
          {view.finish === null ? <p>{texts.askOwner}</p> : <FinishForm action={view.finish} label={texts.finish} />}
        </MessagePage>
      );
  }
}

function FinishForm({ action, label }: { action: string; label: string }): Child {
  return (
    <form action={action} method="post">
      <button class="btn main" type="submit">
        {label}
      </button>
    </form>
  );
}
