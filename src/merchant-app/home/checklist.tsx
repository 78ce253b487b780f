import type { Child } from 'hono/jsx';
import type { Language } from '../language.ts';
import { Icon } from '../pages/icons.tsx';
import { Badge, CodeLine } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { checklistTexts } from './checklist-texts.ts';
import { isOptional, STEPS, type Step, type StepsDone } from './steps.ts';

/** The number of Stripe's test card that is always accepted. */
const TEST_CARD = '4242 4242 4242 4242';

/** Where a step is done, and where what it made is seen. */
const PATHS: Readonly<Record<Step, { readonly begin: string; readonly made: string }>> = {
  connect: { begin: 'settings/stripe', made: 'settings/stripe' },
  link: { begin: 'links/new', made: 'links' },
  pay: { begin: 'links', made: 'payments' },
  webhook: { begin: 'developers/webhooks', made: 'developers/webhooks' },
};

/** How many of the steps are done. */
export function DoneCount({ language, done }: { language: Language; done: StepsDone }): Child {
  const count = STEPS.filter((step) => done[step]).length;
  return <Badge tone={count > 0 ? 'ok' : 'plain'}>{checklistTexts[language].doneOf(count, STEPS.length)}</Badge>;
}

interface ChecklistView {
  readonly shell: ShellView;
  readonly done: StepsDone;
  readonly mayMakeLinks: boolean;
}

/** The steps to the first payment. The first one that is open has the button that stands out. */
export function Checklist({ shell, done, mayMakeLinks }: ChecklistView): Child {
  const next = STEPS.find((step) => !done[step]);
  return (
    <ol class="card flush steps">
      {STEPS.map((step, index) =>
        done[step] ? (
          <DoneStep shell={shell} step={step} />
        ) : (
          <OpenStep
            shell={shell}
            step={step}
            number={index + 1}
            isNext={step === next}
            path={step === 'link' && !mayMakeLinks ? PATHS.link.made : PATHS[step].begin}
          />
        ),
      )}
    </ol>
  );
}

function DoneStep({ shell, step }: { shell: ShellView; step: Step }): Child {
  const { language, mode } = shell;
  const texts = checklistTexts[language];
  const { title, made } = texts.steps[mode][step];
  return (
    <li class="media">
      <span class="mark ok">
        <Icon name="check" />
      </span>
      <div class="head">
        <div class="row">
          <h2>{title}</h2>
          <Badge tone="ok">{texts.done}</Badge>
        </div>
        <a class="btn bare" href={pathOf(shell, PATHS[step].made)}>
          {made}
        </a>
      </div>
    </li>
  );
}

interface StepView {
  readonly shell: ShellView;
  readonly step: Step;
  readonly number: number;
  readonly isNext: boolean;
  readonly path: string;
}

function OpenStep({ shell, step, number, isNext, path }: StepView): Child {
  const { language, mode } = shell;
  const texts = checklistTexts[language];
  const { title, text, action } = texts.steps[mode][step];
  return (
    <li class={isNext ? 'media now' : 'media'}>
      <span class="mark" aria-hidden="true">
        {number}
      </span>
      <div class="stack">
        <div class="stack tight">
          <div class="row">
            <h2>{title}</h2>
            {isOptional(step) && <Badge tone="plain">{texts.optional}</Badge>}
          </div>
          <p class="soft">{text}</p>
        </div>
        {step === 'pay' && mode === 'sandbox' && (
          <CodeLine language={language} id="test-card" label={texts.testCard} code={TEST_CARD} />
        )}
        <div class="row">
          <a class={isNext ? 'btn main' : 'btn'} href={pathOf(shell, path)}>
            {action}
          </a>
        </div>
      </div>
    </li>
  );
}
