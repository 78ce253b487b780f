import type { Child } from 'hono/jsx';
import { inLanguages } from '../language.ts';
import { pathOf } from '../paths.ts';
import type { PageNode } from './layout.tsx';
import { BackLink } from './parts.tsx';
import { type Screen, type ShellView, WorkspaceScreen } from './shell.tsx';

const riskPageTexts = inLanguages({ en: { cancel: 'Cancel' }, de: { cancel: 'Abbrechen' } });

interface RiskView {
  readonly shell: ShellView;
  readonly screen: Screen;
  readonly title: string;
  /** The page that this one belongs to: its path in the workspace, and its name. */
  readonly back: { readonly to: string; readonly text: string };
  /** The path in the workspace that the form is sent to. null: it cannot be done now. */
  readonly action: string | null;
  readonly button: string;
  /** False: nothing is taken away. */
  readonly isBad?: boolean;
  /** What it means, and the fields of the form. */
  readonly children: Child;
  /** What stands below the form. */
  readonly after?: Child;
}

/** A page that says what a risky change means, before it is made. */
export function RiskPage({
  shell,
  screen,
  title,
  back,
  action,
  button,
  isBad = true,
  children,
  after,
}: RiskView): PageNode {
  const toBack = pathOf(shell, back.to);
  return (
    <WorkspaceScreen shell={shell} title={title} screen={screen}>
      <BackLink href={toBack} text={back.text} />
      <h1>{title}</h1>
      {action === null ? (
        <section class="card stack">{children}</section>
      ) : (
        <form class="card stack" action={pathOf(shell, action)} method="post">
          {children}
          <div class="row">
            <button class={isBad ? 'btn main bad' : 'btn main'} type="submit">
              {button}
            </button>
            <a class="btn" href={toBack}>
              {riskPageTexts[shell.language].cancel}
            </a>
          </div>
        </form>
      )}
      {after}
    </WorkspaceScreen>
  );
}
