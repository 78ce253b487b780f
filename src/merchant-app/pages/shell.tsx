import type { Child } from 'hono/jsx';
import type { Mode } from '../../core/api-keys.ts';
import type { Membership, Organisation } from '../../db/members.ts';
import type { Language } from '../language.ts';
import { pathIn, pathOf } from '../paths.ts';
import { Icon, type IconName } from './icons.tsx';
import { Page, type PageNode } from './layout.tsx';
import { Notice } from './parts.tsx';
import { shellTexts } from './shell-texts.ts';

/** What the screens of a workspace have in common. */
export interface ShellView {
  readonly language: Language;
  readonly mode: Mode;
  readonly organisation: Organisation;
  /** All workspaces of the person. */
  readonly memberships: readonly Membership[];
  /** Whether the workspace takes no payments, because it was closed. */
  readonly isClosed: boolean;
  /** The address of the person who is signed in. */
  readonly email: string;
}

/** The screens in the menu, by their path. */
const SCREENS = {
  home: 'home',
  links: 'link',
  payments: 'card',
  developers: 'code',
  settings: 'settings',
} as const satisfies Record<string, IconName>;

export type Screen = keyof typeof SCREENS;

const isScreen = (name: string): name is Screen => Object.hasOwn(SCREENS, name);

interface ScreenView {
  readonly shell: ShellView;
  readonly title: string;
  /** Which entry of the menu this screen belongs to. */
  readonly screen: Screen;
  /** The addresses of more scripts. */
  readonly scripts?: readonly string[];
  readonly children: Child;
}

/** A screen of a workspace: sandbox or live, the switch between workspaces, the menu, and the screen itself. */
export function WorkspaceScreen({ shell, title, screen, scripts = [], children }: ScreenView): PageNode {
  const { language, mode, organisation } = shell;
  const texts = shellTexts[language];
  const isSandbox = mode === 'sandbox';
  const heading = `${isSandbox ? `${texts.sandbox}: ` : ''}${title} · ${organisation.name}`;
  return (
    <Page language={language} title={heading} kind="app" isSandbox={isSandbox} scripts={scripts}>
      <a class="skip" href="#main">
        {texts.skip}
      </a>
      <header>
        <ModeBar shell={shell} screen={screen} />
        <div class="side">
          <WorkspaceMenu shell={shell} screen={screen} />
          <nav class="nav" aria-label={texts.main}>
            {Object.keys(SCREENS)
              .filter(isScreen)
              .map((name) => (
                <a href={pathOf(shell, name)} aria-current={name === screen ? 'page' : undefined}>
                  <Icon name={SCREENS[name]} size={22} />
                  {texts[name]}
                </a>
              ))}
          </nav>
        </div>
      </header>
      <main id="main">
        {shell.isClosed && <Notice tone="warn">{texts.closed}</Notice>}
        {children}
      </main>
    </Page>
  );
}

interface ShellPart {
  readonly shell: ShellView;
  readonly screen: Screen;
}

function ModeBar({ shell, screen }: ShellPart): Child {
  const { language, mode } = shell;
  const texts = shellTexts[language];
  const link = (to: Mode) => (
    <a href={pathOf({ ...shell, mode: to }, screen)} aria-current={to === mode ? 'true' : undefined}>
      {texts[to]}
    </a>
  );
  return (
    <div class={mode === 'sandbox' ? 'mode warn' : 'mode ok'}>
      <p>
        <strong>{texts[mode]}</strong> {mode === 'sandbox' ? texts.sandboxMeans : texts.liveMeans}
      </p>
      <nav class="seg" aria-label={texts.modes}>
        {link('sandbox')}
        {link('live')}
      </nav>
    </div>
  );
}

function WorkspaceMenu({ shell, screen }: ShellPart): Child {
  const { language, mode, organisation, memberships, email } = shell;
  const texts = shellTexts[language];
  return (
    <details class="ws">
      <summary>
        <Initial name={organisation.name} />
        <span>{organisation.name}</span>
        <span class="chev">
          <Icon name="down" size={18} />
        </span>
      </summary>
      <div class="menu card">
        {memberships.map(({ organisation: { id, name } }) => (
          <a href={pathIn(id, mode, screen)} aria-current={id === organisation.id ? 'true' : undefined}>
            <Initial name={name} />
            {name}
            {id === organisation.id && <Icon name="check" size={18} />}
          </a>
        ))}
        <a href="/app/invitations">
          <Icon name="mail" />
          {texts.invitations}
        </a>
        <a href="/app/workspaces/new">
          <Icon name="add" />
          {texts.newWorkspace}
        </a>
        <hr />
        <a href={pathOf(shell, 'settings/you')}>
          <Icon name="person" />
          {email}
        </a>
        <form action="/app/sign-out" method="post">
          <button type="submit">
            <Icon name="signOut" />
            {texts.signOut}
          </button>
        </form>
      </div>
    </details>
  );
}

function Initial({ name }: { name: string }): Child {
  return (
    <span class="mark" aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
