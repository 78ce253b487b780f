import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { pathOf } from '../paths.ts';
import { riskTexts, teamRefusalTexts } from '../texts/risks.ts';
import type { PageNode } from './layout.tsx';
import { MessagePage } from './message.tsx';
import { type ShellView, WorkspaceScreen } from './shell.tsx';

interface RiskView {
  readonly shell: ShellView;
  readonly title: string;
  /** What it means, a paragraph each. */
  readonly means: readonly string[];
  /** The path in the workspace that the form is sent to. null: it cannot be done now. */
  readonly action: string | null;
  readonly button: string;
  /** Whether the button has the colour of what takes something away. */
  readonly isBad: boolean;
  /** The fields of the form. */
  readonly children?: Child;
}

/** A page that says what a risky change means, before it is made. */
export function RiskPage({ shell, title, means, action, button, isBad, children }: RiskView): PageNode {
  const { language } = shell;
  const cancel = (
    <a class="btn" href={pathOf(shell, 'team')}>
      {action === null ? teamRefusalTexts[language].toTeam : riskTexts[language].cancel}
    </a>
  );
  return (
    <WorkspaceScreen shell={shell} title={title} screen="settings">
      <h1>{title}</h1>
      <section class="card stack">
        {means.map((text) => (
          <p>{text}</p>
        ))}
        {action === null ? (
          <div class="row">{cancel}</div>
        ) : (
          <form action={pathOf(shell, action)} method="post">
            {children}
            <div class="row">
              <button class={isBad ? 'btn main bad' : 'btn main'} type="submit">
                {button}
              </button>
              {cancel}
            </div>
          </form>
        )}
      </section>
    </WorkspaceScreen>
  );
}

/** Why a team was not changed. */
export type TeamRefusalName = Exclude<keyof (typeof teamRefusalTexts)['en'], 'toTeam'>;

/** The page that says why a team was not changed. `team`: the path of the team screen. */
export function teamRefusalPage(language: Language, why: TeamRefusalName, team: string): PageNode {
  const { [why]: texts, toTeam } = teamRefusalTexts[language];
  const [title = '', text = ''] = texts;
  return (
    <MessagePage language={language} title={title} text={text}>
      <a class="btn main" href={team}>
        {toTeam}
      </a>
    </MessagePage>
  );
}
