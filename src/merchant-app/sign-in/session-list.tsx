import type { Child } from 'hono/jsx';
import { Badge, When } from '../pages/parts.tsx';
import type { Clock } from '../time.ts';
import type { SignInSession } from './auth.ts';
import { browserOf } from './browser-name.ts';
import { browserText } from './browser-text.ts';
import { sessionTexts } from './session-texts.ts';

interface SessionsView {
  readonly clock: Clock;
  /** The id of the session that asks for the page. */
  readonly current: string;
  readonly sessions: readonly SignInSession[];
}

/** All browsers in which a person is signed in, this one first, each but this one with a button that ends its session, and one button for all of them. */
export function SessionList({ clock, current, sessions }: SessionsView): Child {
  const texts = sessionTexts[clock.language];
  const isCurrent = ({ id }: SignInSession) => id === current;
  const listed = [...sessions.filter(isCurrent), ...sessions.filter((session) => !isCurrent(session))];
  return (
    <section class="card flush" aria-labelledby="sessions">
      <div class="head">
        <h2 id="sessions">{texts.sessions}</h2>
        {sessions.length > 1 && (
          <form action="/app/sessions/end-others" method="post">
            <button class="btn bare bad" type="submit">
              {texts.endOthers}
            </button>
          </form>
        )}
      </div>
      <ul class="list">
        {listed.map((session) => (
          <SessionItem clock={clock} session={session} isCurrent={isCurrent(session)} />
        ))}
      </ul>
    </section>
  );
}

interface ItemView {
  readonly clock: Clock;
  readonly session: SignInSession;
  readonly isCurrent: boolean;
}

function SessionItem({ clock, session, isCurrent }: ItemView): Child {
  const texts = sessionTexts[clock.language];
  const { id, userAgent, ipAddress, createdAt, updatedAt } = session;
  const name = browserText(clock.language, browserOf(userAgent));
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <small>
          {ipAddress !== null && `${ipAddress} · `}
          {texts.signedIn} <When clock={clock} at={createdAt.getTime()} day />, {texts.lastUsed}{' '}
          <When clock={clock} at={updatedAt.getTime()} day />
        </small>
      </div>
      {isCurrent ? (
        <Badge tone="ok">{texts.thisBrowser}</Badge>
      ) : (
        <form action={`/app/sessions/${id}/end`} method="post">
          <button class="btn bare bad" type="submit" aria-label={texts.endOf(name)}>
            {texts.end}
          </button>
        </form>
      )}
    </li>
  );
}
