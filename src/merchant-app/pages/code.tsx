import { Mark, Page, type PageNode } from './layout.tsx';

interface CodeView {
  readonly email: string;
  /** For how many minutes a code works. */
  readonly minutes: number;
  /** Why the form was refused. null: it was not. */
  readonly fault: string | null;
}

/** The page that asks for the code. It says the same whether or not a code was sent. */
export function codePage({ email, minutes, fault }: CodeView): PageNode {
  return (
    <Page title="Enter the code">
      <div class="card up stack">
        <Mark />
        <div class="stack tight">
          <h1>Enter the code</h1>
          <p class="soft">
            If <strong>{email}</strong> can sign in here, six digits are on their way to it. They work for {minutes}{' '}
            minutes.
          </p>
        </div>
        <form action="/app/sign-in/code" method="post">
          <div class={fault === null ? 'field' : 'field bad'}>
            <label for="code">Code</label>
            <input
              class="code6"
              id="code"
              name="code"
              inputmode="numeric"
              autocomplete="one-time-code"
              required
              maxlength={12}
              aria-invalid={fault === null ? undefined : 'true'}
              aria-describedby={fault === null ? undefined : 'code-error'}
            />
            {fault !== null && (
              <p class="error" id="code-error">
                {fault}
              </p>
            )}
          </div>
          <button class="btn main" type="submit">
            Sign in
          </button>
        </form>
        <div class="row">
          <form action="/app/sign-in" method="post">
            <input type="hidden" name="email" value={email} />
            <button class="btn bare" type="submit">
              Send a new code
            </button>
          </form>
          <a class="btn bare" href="/app/sign-in">
            Use another e-mail
          </a>
        </div>
      </div>
    </Page>
  );
}
