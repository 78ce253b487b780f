import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { Field } from '../pages/field.tsx';
import { Mark, Page, type PageNode } from '../pages/layout.tsx';
import { CODE_INPUT } from './code-page.tsx';
import { confirmTexts } from './confirm-texts.ts';
import { PASSKEY_SCRIPT, PasskeyForm } from './passkey-form.tsx';

export type ConfirmFault = 'tooOften' | 'wrongCode' | 'wrongPasskey';

interface ConfirmView {
  readonly language: Language;
  readonly email: string;
  /** The path to go on to. */
  readonly to: string;
  /** For how many minutes the code works that was asked for. null: none was. */
  readonly minutes: number | null;
  readonly hasPasskeys: boolean;
  readonly fault: ConfirmFault | null;
}

/** The page on which a person who is signed in proves again who they are, by a code or a passkey. */
export function confirmPage(view: ConfirmView): PageNode {
  const { language, email, to, minutes, hasPasskeys, fault } = view;
  const texts = confirmTexts[language];
  const ofPasskey = fault === 'wrongPasskey' ? texts.wrongPasskey : null;
  return (
    <Page language={language} title={texts.title} scripts={hasPasskeys ? [PASSKEY_SCRIPT] : []}>
      <div class="card stack">
        <Mark />
        <div class="stack tight">
          <h1>{texts.title}</h1>
          <p class="soft">{minutes === null ? texts.why : texts.sent(minutes)}</p>
          <p>
            <strong>{email}</strong>
          </p>
        </div>
        {minutes === null ? <SendForm view={view} /> : <CodeForm view={view} />}
        {hasPasskeys && (
          <PasskeyForm
            language={language}
            kind="get"
            action="/app/confirm/passkey"
            label={texts.byPasskey}
            to={to}
            fault={ofPasskey}
          />
        )}
        <div class="row">
          {minutes !== null && (
            <form action="/app/confirm/send" method="post">
              <input type="hidden" name="to" value={to} />
              <button class="btn bare" type="submit">
                {texts.again}
              </button>
            </form>
          )}
          <a class="btn bare" href="/app">
            {texts.leave}
          </a>
        </div>
      </div>
    </Page>
  );
}

function SendForm({ view: { language, to, fault } }: { view: ConfirmView }): Child {
  const texts = confirmTexts[language];
  return (
    <form action="/app/confirm/send" method="post">
      <input type="hidden" name="to" value={to} />
      {fault === 'tooOften' && (
        <p class="error bad" role="alert">
          {texts.tooOften}
        </p>
      )}
      <button class="btn main" type="submit">
        {texts.send}
      </button>
    </form>
  );
}

function CodeForm({ view: { language, to, fault } }: { view: ConfirmView }): Child {
  const texts = confirmTexts[language];
  const ofCode = fault === 'tooOften' || fault === 'wrongCode' ? texts[fault] : null;
  return (
    <form action="/app/confirm/code" method="post">
      <input type="hidden" name="to" value={to} />
      <Field id="code" label={texts.code} fault={ofCode} input={CODE_INPUT} />
      <button class="btn main" type="submit">
        {texts.confirm}
      </button>
    </form>
  );
}
