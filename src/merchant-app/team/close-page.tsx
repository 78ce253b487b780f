import { Field } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { TeamRiskPage } from './risk-page.tsx';
import { riskTexts } from './risk-texts.ts';

interface CloseView {
  readonly shell: ShellView;
  /** What was typed as the name of the workspace. */
  readonly typed: string;
  /** Whether that is not the name. */
  readonly isWrong: boolean;
}

/** The page that says what closing a workspace means, and asks for its name. */
export function closePage({ shell, typed, isWrong }: CloseView): PageNode {
  const { language, organisation } = shell;
  const texts = riskTexts[language];
  if (shell.isClosed) {
    return <TeamRiskPage shell={shell} title={texts.closedTitle} means={[texts.closedStays]} action={null} button="" />;
  }
  const means = [texts.closeMeans, texts.closeKeys, texts.closeLinks, texts.closePayments, texts.closeAgain];
  const title = texts.close(organisation.name);
  return (
    <TeamRiskPage shell={shell} title={title} means={means} action="close" button={texts.closeButton}>
      <Field
        id="name"
        label={texts.closeName}
        hint={texts.closeHint(organisation.name)}
        fault={isWrong ? texts.closeWrong : null}
        input={{ autocomplete: 'off', required: true, value: typed }}
      />
    </TeamRiskPage>
  );
}
