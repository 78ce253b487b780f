import { riskTexts } from '../texts/risks.ts';
import { Field } from './field.tsx';
import type { PageNode } from './layout.tsx';
import { RiskPage } from './risk.tsx';
import type { ShellView } from './shell.tsx';

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
    return (
      <RiskPage
        shell={shell}
        title={texts.closedTitle}
        means={[texts.closedStays]}
        action={null}
        button=""
        isBad={false}
      />
    );
  }
  const means = [texts.closeMeans, texts.closeKeys, texts.closeLinks, texts.closePayments, texts.closeAgain];
  const title = texts.close(organisation.name);
  return (
    <RiskPage shell={shell} title={title} means={means} action="close" button={texts.closeButton} isBad>
      <Field
        id="name"
        label={texts.closeName}
        hint={texts.closeHint(organisation.name)}
        fault={isWrong ? texts.closeWrong : null}
        input={{ autocomplete: 'off', required: true, value: typed }}
      />
    </RiskPage>
  );
}
