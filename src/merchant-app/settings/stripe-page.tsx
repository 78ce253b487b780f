import type { Child } from 'hono/jsx';
import { accountState, canCharge, owesAnswer, paysOut, wasTakenAway } from '../../core/account-state.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import { Field, Select } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { Badge, Notice, When } from '../pages/parts.tsx';
import { RiskPage } from '../pages/risk.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import type { Clock } from '../time.ts';
import { countryName, countryOptions } from './countries.ts';
import { requirementText } from './requirement-texts.ts';
import { STATE_TONES } from './state-tones.ts';
import { stripeTexts } from './stripe-texts.ts';
import { SettingsHead } from './tabs.tsx';

/** What was typed to make an account, and which of it was refused. */
export interface ConnectForm {
  readonly country: string;
  readonly email: string;
  readonly faulty: readonly ('country' | 'email')[];
}

interface StripeView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly account: ConnectedAccount | null;
  readonly form: ConnectForm;
  /** The random id of the form: sent twice, it makes one account. */
  readonly formId: string;
  readonly mayConnect: boolean;
  readonly mayDisconnect: boolean;
  /** Whether Stripe was asked just now. null: it was not to be asked. */
  readonly isConfirmed: boolean | null;
}

/** The Stripe account of the workspace of one mode: how it stands, what Stripe needs, and the way there. */
export function stripePage(view: StripeView): PageNode {
  const { shell, account, isConfirmed } = view;
  const texts = stripeTexts[shell.language];
  const state = accountState(account);
  const { title, text } = wasTakenAway(account) ? texts.takenAway : texts.states[state];
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="settings">
      <SettingsHead shell={shell} current="stripe" />
      {isConfirmed !== null && (
        <Notice tone={isConfirmed ? 'ok' : 'warn'}>{isConfirmed ? texts.checked : texts.notChecked}</Notice>
      )}
      <section class="card stack">
        <div class="stack tight">
          <div class="row">
            <h2>{title}</h2>
            <Badge tone={STATE_TONES[state]}>{canCharge(account) ? texts.facts.on : texts.facts.off}</Badge>
          </div>
          <p class="soft">{text}</p>
        </div>
        <Way view={view} />
      </section>
      {account !== null && account.requirements.length > 0 && <Needs view={view} account={account} />}
      {account !== null && <Facts view={view} account={account} />}
    </WorkspaceScreen>
  );
}

/** What the reader can do now. */
function Way({ view }: { view: StripeView }): Child {
  const { shell, account, mayConnect } = view;
  const texts = stripeTexts[shell.language];
  if (!mayConnect) return <p class="soft">{texts.onlyAdmins}</p>;
  const state = accountState(account);
  if (state === 'none') return <ConnectFields view={view} startOver={false} />;
  if (state === 'rejected' || wasTakenAway(account)) return <ConnectFields view={view} startOver={true} />;
  const goesOn = account !== null && (!canCharge(account) || owesAnswer(account));
  return (
    <div class="row">
      {goesOn && (
        <Action view={view} path="connect" label={state === 'disconnected' ? texts.connect : texts.goOn} isMain />
      )}
      {state !== 'disconnected' && state !== 'started' && (
        <Action view={view} path="dashboard" label={texts.dashboard} />
      )}
      {state !== 'disconnected' && <Action view={view} path="check" label={texts.check} isBare />}
    </div>
  );
}

interface ActionView {
  readonly view: StripeView;
  readonly path: string;
  readonly label: string;
  readonly isMain?: boolean;
  readonly isBare?: boolean;
}

function Action({ view: { shell, formId }, path, label, isMain = false, isBare = false }: ActionView): Child {
  const look = isMain ? 'btn main' : isBare ? 'btn bare' : 'btn';
  return (
    <form method="post" action={pathOf(shell, `settings/stripe/${path}`)}>
      {path === 'connect' && <input type="hidden" name="form" value={formId} />}
      <button class={look} type="submit">
        {label}
      </button>
    </form>
  );
}

function ConnectFields({ view, startOver }: { view: StripeView; startOver: boolean }): Child {
  const { shell, form, formId } = view;
  const texts = stripeTexts[shell.language];
  const countries = [{ value: '', text: texts.choose }, ...countryOptions(shell.language)];
  const email = { type: 'email', value: form.email, required: true, autocomplete: 'email' };
  return (
    <form method="post" action={pathOf(shell, 'settings/stripe/connect')}>
      <input type="hidden" name="form" value={formId} />
      {startOver && <input type="hidden" name="start_over" value="true" />}
      <div class="cols">
        <Select
          id="country"
          label={texts.country}
          hint={texts.countryHint}
          fault={form.faulty.includes('country') ? texts.countryFault : null}
          value={form.country.toUpperCase()}
          options={countries}
          input={{ required: true, autocomplete: 'country' }}
        />
        <Field
          id="email"
          label={texts.email}
          hint={texts.emailHint}
          fault={form.faulty.includes('email') ? texts.emailFault : null}
          input={email}
        />
      </div>
      <div class="row">
        <button class="btn main" type="submit">
          {startOver ? texts.startOver : texts.connect}
        </button>
      </div>
    </form>
  );
}

function Needs({ view: { shell, clock }, account }: { view: StripeView; account: ConnectedAccount }): Child {
  const texts = stripeTexts[shell.language];
  return (
    <section class="card flush" aria-labelledby="needs">
      <div class="head">
        <h2 id="needs">{texts.needsTitle}</h2>
      </div>
      <ul class="steps foot">
        {account.requirements.map((requirement) => (
          <li class="row">
            <span class="grow">{requirementText(shell.language, requirement)}</span>
            {requirement.dueAt !== null && (
              <Badge tone="warn">
                <When clock={clock} at={requirement.dueAt} day />
              </Badge>
            )}
          </li>
        ))}
      </ul>
      <p class="pad soft foot">{texts.documents}</p>
    </section>
  );
}

function Facts({ view, account }: { view: StripeView; account: ConnectedAccount }): Child {
  const { shell, clock, mayDisconnect } = view;
  const texts = stripeTexts[shell.language];
  const { facts } = texts;
  return (
    <section class="card stack">
      <dl>
        <dt>{facts.account}</dt>
        <dd class="mono">{account.stripeAccountId}</dd>
        <dt>{facts.country}</dt>
        <dd>{account.country === null ? '–' : countryName(shell.language, account.country)}</dd>
        <dt>{facts.cards}</dt>
        <dd>{canCharge(account) ? facts.on : facts.off}</dd>
        <dt>{facts.payouts}</dt>
        <dd>{account.disconnectedAt === null && paysOut(account) ? facts.on : facts.off}</dd>
        <dt>{facts.since}</dt>
        <dd>
          <When clock={clock} at={account.createdAt} day />
        </dd>
      </dl>
      {mayDisconnect && account.disconnectedAt === null && (
        <div class="row">
          <a class="btn bare bad" href={pathOf(shell, 'settings/stripe/disconnect')}>
            {texts.disconnect}
          </a>
        </div>
      )}
    </section>
  );
}

/** The page that asks before the Stripe account is disconnected. */
export function disconnectPage(shell: ShellView): PageNode {
  const texts = stripeTexts[shell.language];
  return (
    <RiskPage
      shell={shell}
      screen="settings"
      title={texts.sure(shell.organisation.name)}
      back={{ to: 'settings/stripe', text: texts.title }}
      action="settings/stripe/disconnect"
      button={texts.disconnect}
    >
      <p>{texts.sureText}</p>
      {shell.mode === 'sandbox' && <p class="soft">{texts.sureSandbox}</p>}
    </RiskPage>
  );
}
