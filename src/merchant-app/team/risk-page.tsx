import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import type { PageNode } from '../pages/layout.tsx';
import { MessagePage } from '../pages/message.tsx';
import { RiskPage } from '../pages/risk.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { teamRefusalTexts } from './risk-texts.ts';
import { teamTexts } from './texts.ts';

interface TeamRiskView {
  readonly shell: ShellView;
  readonly title: string;
  /** What it means, a paragraph each. */
  readonly means: readonly string[];
  /** The path in the workspace that the form is sent to. null: it cannot be done now. */
  readonly action: string | null;
  readonly button: string;
  /** False: nothing is taken away. */
  readonly isBad?: boolean;
  /** The fields of the form. */
  readonly children?: Child;
}

/** The page that says what a risky change of a team means, before it is made. */
export function TeamRiskPage({ means, children, ...page }: TeamRiskView): PageNode {
  const back = { to: 'team', text: teamTexts[page.shell.language].title };
  return (
    <RiskPage {...page} screen="settings" back={back}>
      {means.map((text) => (
        <p>{text}</p>
      ))}
      {children}
    </RiskPage>
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
