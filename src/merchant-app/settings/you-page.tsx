import type { Child } from 'hono/jsx';
import type { Role } from '../../core/rights.ts';
import type { PageNode } from '../pages/layout.tsx';
import { roleTexts } from '../pages/role-texts.ts';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import type { SignInSession } from '../sign-in/auth.ts';
import { PASSKEY_SCRIPT } from '../sign-in/passkey-form.tsx';
import { PasskeyList } from '../sign-in/passkey-list.tsx';
import type { OwnPasskey } from '../sign-in/passkeys.ts';
import { SessionList } from '../sign-in/session-list.tsx';
import type { Clock } from '../time.ts';
import { SettingsHead } from './tabs.tsx';
import { youTexts } from './you-texts.ts';

interface YouView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly role: Role;
  /** The id of the session that asks for the page. */
  readonly current: string;
  readonly sessions: readonly SignInSession[];
  readonly passkeys: readonly OwnPasskey[];
}

/** The page of the person who is signed in: as what, where else, and with which passkeys. */
export function youPage({ shell, clock, role, current, sessions, passkeys }: YouView): PageNode {
  const { language, email } = shell;
  const texts = youTexts[language];
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="settings" scripts={[PASSKEY_SCRIPT]}>
      <SettingsHead shell={shell} current="you" />
      <div class="cols">
        <Fact name={texts.signedInAs} value={email} />
        <Fact name={texts.yourRole} value={roleTexts[language][role].name} more={roleTexts[language][role].can} />
      </div>
      <SessionList clock={clock} current={current} sessions={sessions} />
      <PasskeyList clock={clock} passkeys={passkeys} />
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
