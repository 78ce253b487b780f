import { Mark, Page, type PageNode } from './layout.tsx';

interface SignInView {
  /** Whether people who are not known yet may sign in too. */
  readonly isOpen: boolean;
  /** What was typed before. */
  readonly email: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: string | null;
}

/** The page that asks for an e-mail address. */
export function signInPage({ isOpen, email, fault }: SignInView): PageNode {
  return (
    <Page title="Sign in">
      <div class="card up stack">
        <Mark />
        <div class="stack tight">
          <h1>Sign in</h1>
          <p class="soft">
            {isOpen ? 'New here? The same way in makes your account.' : 'For people who were invited.'}
          </p>
        </div>
        <form action="/app/sign-in" method="post">
          <div class={fault === null ? 'field' : 'field bad'}>
            <label for="email">E-mail</label>
            <input
              id="email"
              name="email"
              type="email"
              inputmode="email"
              autocomplete="username"
              required
              maxlength={254}
              value={email}
              aria-invalid={fault === null ? undefined : 'true'}
              aria-describedby={fault === null ? 'email-hint' : 'email-error email-hint'}
            />
            {fault !== null && (
              <p class="error" id="email-error">
                {fault}
              </p>
            )}
            <small id="email-hint">We send a code of six digits. There is no password to forget, or to steal.</small>
          </div>
          <button class="btn main" type="submit">
            Send me a code
          </button>
        </form>
      </div>
    </Page>
  );
}
