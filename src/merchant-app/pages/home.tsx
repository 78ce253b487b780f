import type { Child } from 'hono/jsx';
import type { Role } from '../../core/rights.ts';
import type { SignInSession } from '../auth.ts';
import type { OwnPasskey } from '../passkeys.ts';
import { homeTexts } from '../texts/home.ts';
import { roleTexts } from '../texts/roles.ts';
import type { PageNode } from './layout.tsx';
import { PASSKEY_SCRIPT } from './passkey-form.tsx';
import { PasskeyList } from './passkeys.tsx';
import { SessionList } from './sessions.tsx';
import { type ShellView, WorkspaceScreen } from './shell.tsx';

interface HomeView {
  readonly shell: ShellView;
  readonly role: Role;
  /** The id of the session that asks for the page. */
  readonly current: string;
  readonly sessions: readonly SignInSession[];
  readonly passkeys: readonly OwnPasskey[];
}

/** The first screen of a workspace: who is signed in, as what, where else, and with which passkeys. */
export function homePage({ shell, role, current, sessions, passkeys }: HomeView): PageNode {
  const { language, email, organisation } = shell;
  const texts = homeTexts[language];
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="home" scripts={[PASSKEY_SCRIPT]}>
      <h1>{organisation.name}</h1>
      <div class="cols">
        <Fact name={texts.signedInAs} value={email} />
        <Fact name={texts.yourRole} value={roleTexts[language][role].name} more={roleTexts[language][role].can} />
      </div>
      <SessionList language={language} current={current} sessions={sessions} />
      <PasskeyList language={language} passkeys={passkeys} />
    </WorkspaceScreen>
  );
}

function Fact({ name, value, more }: { name: string; value: string; more?: string }): Child {
  return (
    <section class="card stack tight">
      <h2 class="soft">{name}</h2>
      <p>
        <strong>{value}</strong>
      </p>
      {more !== undefined && <p class="soft">{more}</p>}
    </section>
  );
}
