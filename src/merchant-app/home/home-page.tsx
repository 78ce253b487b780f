import type { Child } from 'hono/jsx';
import type { CompletedPayment } from '../../db/payment-lists.ts';
import type { CurrencyTotals } from '../../domain/payments/totals.ts';
import type { Attention } from '../../domain/workspaces/attention.ts';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { type Clock, longDayText } from '../time.ts';
import { AttentionNotices } from './attention-notices.tsx';
import { ChartCard } from './chart.tsx';
import { Checklist, DoneCount } from './checklist.tsx';
import { checklistTexts } from './checklist-texts.ts';
import { FirstRequest, MoneyPath } from './first-steps.tsx';
import { LatestPayments } from './latest-payments.tsx';
import { isOptional, STEPS, type StepsDone } from './steps.ts';
import { homeScreenTexts } from './texts.ts';
import { TotalsTiles } from './totals-tiles.tsx';

/** All that the first screen of a workspace shows. */
interface HomeView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly attention: Attention;
  /** Whether the access to the account was taken away at Stripe. */
  readonly isTakenAway: boolean;
  readonly done: StepsDone;
  readonly totals: readonly CurrencyTotals[];
  /** The currency of the chart. null: nothing came in. */
  readonly charted: CurrencyTotals | null;
  /** Newest first. */
  readonly latest: readonly CompletedPayment[];
  readonly mayMakeLinks: boolean;
}

/** The first screen of a workspace: the steps to the first payment, and afterwards what came in and what needs the merchant. */
export function homePage(view: HomeView): PageNode {
  const { shell, attention, isTakenAway, done } = view;
  return (
    <WorkspaceScreen shell={shell} title={homeScreenTexts[shell.language].title} screen="home">
      {done.pay ? <OverviewHead view={view} /> : <WelcomeHead view={view} />}
      <AttentionNotices
        shell={shell}
        clock={view.clock}
        attention={attention}
        isTakenAway={isTakenAway}
        isConnectAStep={!done.pay}
      />
      {done.pay ? <Overview view={view} /> : <FirstSteps view={view} />}
    </WorkspaceScreen>
  );
}

function WelcomeHead({ view: { shell, done } }: { view: HomeView }): Child {
  const texts = checklistTexts[shell.language];
  return (
    <div class="head wide">
      <div>
        <h1>{texts.welcome(shell.organisation.name)}</h1>
        <p class="soft">{texts.intro[shell.mode]}</p>
      </div>
      <DoneCount language={shell.language} done={done} />
    </div>
  );
}

function OverviewHead({ view: { shell, clock, mayMakeLinks } }: { view: HomeView }): Child {
  const { language, organisation } = shell;
  return (
    <div class="head wide">
      <div>
        <h1>{organisation.name}</h1>
        <p class="soft">{longDayText(clock, clock.now)}</p>
      </div>
      {mayMakeLinks && (
        <a class="btn main" href={pathOf(shell, 'links/new')}>
          <Icon name="add" />
          {homeScreenTexts[language].newLink}
        </a>
      )}
    </div>
  );
}

function FirstSteps({ view }: { view: HomeView }): Child {
  const { shell, done, mayMakeLinks, latest } = view;
  return (
    <>
      <Checklist shell={shell} done={done} mayMakeLinks={mayMakeLinks} />
      {latest.length > 0 && <LatestPayments shell={shell} clock={view.clock} payments={latest} />}
      <div class="cols wide">
        <MoneyPath language={shell.language} />
        <FirstRequest shell={shell} publicUrl={view.publicUrl} />
      </div>
    </>
  );
}

function Overview({ view }: { view: HomeView }): Child {
  const { shell, clock, totals, charted, latest, done, mayMakeLinks } = view;
  // Live payments without a link are no mistake: a server can make them.
  const isStepOpen = shell.mode === 'sandbox' && STEPS.some((step) => !isOptional(step) && !done[step]);
  return (
    <>
      <TotalsTiles language={shell.language} totals={totals} />
      {charted !== null && <ChartCard shell={shell} totals={totals} charted={charted} />}
      <LatestPayments shell={shell} clock={clock} payments={latest} />
      {isStepOpen && (
        <>
          <div class="head">
            <h2>{checklistTexts[shell.language].stillOpen}</h2>
            <DoneCount language={shell.language} done={done} />
          </div>
          <Checklist shell={shell} done={done} mayMakeLinks={mayMakeLinks} />
        </>
      )}
    </>
  );
}
