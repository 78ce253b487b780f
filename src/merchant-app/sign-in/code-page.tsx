import type { Language } from '../language.ts';
import { Field } from '../pages/field.tsx';
import { Mark, Page, type PageNode } from '../pages/layout.tsx';
import { signInTexts } from './texts.ts';
import { signInPath } from './way-back.ts';

interface CodeView {
  readonly language: Language;
  readonly email: string;
  /** The path to go on to. */
  readonly to: string;
  /** For how many minutes a code works. */
  readonly minutes: number;
  /** Why the form was refused. null: it was not. */
  readonly fault: string | null;
}

/** The attributes of the input for a code of six digits. */
export const CODE_INPUT = {
  class: 'code6',
  inputmode: 'numeric',
  autocomplete: 'one-time-code',
  required: true,
  maxlength: 12,
};

/** The page that asks for the code. It says the same whether or not a code was sent. */
export function codePage({ language, to, email, minutes, fault }: CodeView): PageNode {
  const texts = signInTexts[language];
  return (
    <Page language={language} title={texts.codeTitle}>
      <div class="card stack">
        <Mark />
        <div class="stack tight">
          <h1>{texts.codeTitle}</h1>
          <p>
            <strong>{email}</strong>
          </p>
          <p class="soft">{texts.sent(minutes)}</p>
        </div>
        <form action="/app/sign-in/code" method="post">
          <input type="hidden" name="to" value={to} />
          <Field id="code" label={texts.code} fault={fault} input={CODE_INPUT} />
          <button class="btn main" type="submit">
            {texts.signIn}
          </button>
        </form>
        <div class="row">
          <form action="/app/sign-in" method="post">
            <input type="hidden" name="to" value={to} />
            <input type="hidden" name="email" value={email} />
            <button class="btn bare" type="submit">
              {texts.again}
            </button>
          </form>
          <a class="btn bare" href={signInPath(to)}>
            {texts.other}
          </a>
        </div>
      </div>
    </Page>
  );
}
