import type { Language } from '../language.ts';
import { Field } from '../pages/field.tsx';
import { Mark, Page, type PageNode } from '../pages/layout.tsx';
import { PASSKEY_SCRIPT, PasskeyForm } from './passkey-form.tsx';
import { signInTexts } from './texts.ts';

interface SignInView {
  readonly language: Language;
  /** Whether people who are not known yet may sign in too. */
  readonly isOpen: boolean;
  /** The path to go on to. */
  readonly to: string;
  /** What was typed before. */
  readonly email: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: 'noAddress' | 'tooOften' | 'wrongPasskey' | null;
}

/** The page that asks for an e-mail address, or a passkey. */
export function signInPage({ language, isOpen, to, email, fault }: SignInView): PageNode {
  const texts = signInTexts[language];
  const ofPasskey = fault === 'wrongPasskey' ? texts.wrongPasskey : null;
  const ofAddress = fault === null || fault === 'wrongPasskey' ? null : texts[fault];
  const input = {
    type: 'email',
    inputmode: 'email',
    autocomplete: 'username',
    required: true,
    maxlength: 254,
    value: email,
  };
  return (
    <Page language={language} title={texts.title} scripts={[PASSKEY_SCRIPT]}>
      <div class="card stack">
        <Mark />
        <div class="stack tight">
          <h1>{texts.title}</h1>
          <p class="soft">{isOpen ? texts.open : texts.invited}</p>
        </div>
        <form action="/app/sign-in" method="post">
          <input type="hidden" name="to" value={to} />
          <Field id="email" label={texts.email} hint={texts.emailHint} fault={ofAddress} input={input} />
          <button class="btn main" type="submit">
            {texts.send}
          </button>
        </form>
        <PasskeyForm
          language={language}
          kind="get"
          action="/app/sign-in/passkey"
          label={texts.passkey}
          to={to}
          fault={ofPasskey}
        />
      </div>
    </Page>
  );
}
