import type { Child } from 'hono/jsx';
import type { SignInSession } from '../auth.ts';
import { browserName } from '../browser-name.ts';
import { Mark, Page, type PageNode } from './layout.tsx';

interface HomeView {
  /** Who is signed in. */
  readonly email: string;
  /** The id of the session that asks for the page. */
  readonly current: string;
  readonly sessions: readonly SignInSession[];
}

/** The first page of a person who is signed in: who they are, and where else they are signed in. */
export function homePage({ email, current, sessions }: HomeView): PageNode {
  const isCurrent = ({ id }: SignInSession) => id === current;
  const listed = [...sessions.filter(isCurrent), ...sessions.filter((session) => !isCurrent(session))];
  return (
    <Page title="Home">
      <div class="card stack">
        <Mark />
        <div class="stack tight">
          <h1>You are signed in</h1>
          <p class="soft">
            as <strong>{email}</strong>
          </p>
        </div>
        <form action="/app/sign-out" method="post">
          <button class="btn" type="submit">
            Sign out
          </button>
        </form>
      </div>
      <section class="card flush" aria-labelledby="sessions">
        <div class="head">
          <h2 id="sessions">Where you are signed in</h2>
        </div>
        <ul class="list">
          {listed.map((session) => (
            <SessionItem session={session} isCurrent={isCurrent(session)} />
          ))}
        </ul>
      </section>
    </Page>
  );
}

function SessionItem({ session, isCurrent }: { session: SignInSession; isCurrent: boolean }): Child {
  const { id, userAgent, ipAddress, createdAt, updatedAt } = session;
  const name = browserName(userAgent);
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <small>
          {ipAddress !== null && `${ipAddress} · `}signed in <Day date={createdAt} />, last used{' '}
          <Day date={updatedAt} />
        </small>
      </div>
      {isCurrent ? (
        <span class="badge ok">This browser</span>
      ) : (
        <form action={`/app/sessions/${id}/end`} method="post">
          <button class="btn bare bad" type="submit" aria-label={`End the session of ${name}`}>
            End
          </button>
        </form>
      )}
    </li>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

function Day({ date }: { date: Date }): Child {
  return <time datetime={date.toISOString()}>{DAY.format(date)}</time>;
}
