import type { Child } from 'hono/jsx';
import type { LinkChoice } from '../../db/payment-links.ts';
import { SHOWN_PAYMENT_STATUSES } from '../../db/payment-lists.ts';
import type { FoundPayments } from '../../domain/payments/find-payments.ts';
import { Curl } from '../pages/curl.tsx';
import { Field, Select } from '../pages/field.tsx';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { Empty, NextPage } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import type { Clock } from '../time.ts';
import { type AskedPayments, apiPathOf, isFiltered, OFFERED_LINKS, queryOf } from './filter.ts';
import { paymentsPath } from './parts.tsx';
import { PaymentTable } from './payment-table.tsx';
import { paymentTexts } from './texts.ts';

interface ListView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly asked: AskedPayments;
  readonly found: FoundPayments;
  /** The links that can be chosen: the newest ones, and the chosen one. */
  readonly links: readonly LinkChoice[];
}

/** The payments of a workspace that pass the filters, newest first. */
export function paymentsPage(view: ListView): PageNode {
  const { shell, clock, asked, found } = view;
  const { items: payments, nextCursor: next, meant } = found;
  const { language } = shell;
  const texts = paymentTexts[language];
  const hasNone = payments.length === 0 && next === null && asked.cursor === null && !isFiltered(asked);
  const nextPage = next === null ? null : `${paymentsPath(shell)}${queryOf(asked, next)}`;
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="payments">
      <div class="head">
        <h1>{texts.title}</h1>
        {!hasNone && (
          <a class="btn" href={`${paymentsPath(shell, 'export.csv')}${queryOf(asked)}`} download>
            <Icon name="download" size={18} />
            {texts.export}
          </a>
        )}
      </div>
      <p class="soft">{texts.intro}</p>
      {!hasNone && <Filters view={view} />}
      {asked.link !== null && <OnlyOfLink view={view} link={asked.link} />}
      <section class="card flush" aria-label={texts.title}>
        {hasNone && <NoPayments shell={shell} />}
        {!hasNone && payments.length === 0 && <NoneFound view={view} />}
        {payments.length > 0 && <PaymentTable shell={shell} clock={clock} payments={payments} />}
      </section>
      <NextPage language={language} href={nextPage} />
      <Curl view={view} request={{ path: apiPathOf(asked, meant) }} scope="service.payments.payments.read" />
    </WorkspaceScreen>
  );
}

function NoPayments({ shell }: { shell: ShellView }): Child {
  const texts = paymentTexts[shell.language];
  const text = shell.mode === 'sandbox' ? texts.emptySandbox : texts.emptyLive;
  return (
    <Empty title={texts.emptyTitle} text={text}>
      <a class="btn main" href={pathOf(shell, 'links')}>
        <Icon name="link" />
        {texts.toLinks}
      </a>
    </Empty>
  );
}

function NoneFound({ view: { shell, found } }: { view: ListView }): Child {
  const texts = paymentTexts[shell.language];
  if (found.nextCursor !== null) return <Empty title={texts.noneHereTitle} text={texts.noneHere} />;
  return (
    <Empty title={texts.noneFoundTitle} text={texts.noneFound}>
      <a class="btn" href={paymentsPath(shell)}>
        {texts.showAll}
      </a>
    </Empty>
  );
}

function Filters({ view: { shell, asked, links } }: { view: ListView }): Child {
  const texts = paymentTexts[shell.language];
  const statuses = SHOWN_PAYMENT_STATUSES.map((value) => ({ value, text: texts.statuses[value] }));
  return (
    <details class="card filters" open={isFiltered({ ...asked, link: null })}>
      <summary>
        {texts.filters}
        <span class="chev">
          <Icon name="down" size={18} />
        </span>
      </summary>
      <search aria-label={texts.title}>
        <form action={paymentsPath(shell)} method="get">
          <Field
            id="q"
            label={texts.search}
            fault={null}
            input={{ type: 'search', value: asked.search, maxlength: 500 }}
          />
          {links.length > 0 && (
            <Select
              id="link"
              label={links.length < OFFERED_LINKS ? texts.link : texts.newestLinks(OFFERED_LINKS)}
              value={asked.link ?? ''}
              options={[
                { value: '', text: texts.every },
                ...links.map(({ token, title }) => ({ value: token, text: title })),
              ]}
            />
          )}
          <Select
            id="status"
            label={texts.status}
            value={asked.status ?? ''}
            options={[{ value: '', text: texts.every }, ...statuses]}
          />
          <Field id="from" label={texts.from} fault={null} input={{ type: 'date', value: asked.from }} />
          <Field id="to" label={texts.to} fault={null} input={{ type: 'date', value: asked.to }} />
          <button class="btn" type="submit">
            <Icon name="search" size={18} />
            {texts.show}
          </button>
          {isFiltered(asked) && (
            <a class="btn bare" href={paymentsPath(shell)}>
              {texts.showAll}
            </a>
          )}
        </form>
      </search>
    </details>
  );
}

function OnlyOfLink({ view: { shell, asked, links }, link }: { view: ListView; link: string }): Child {
  const texts = paymentTexts[shell.language];
  const title = links.find(({ token }) => token === link)?.title ?? link;
  return (
    <p class="row">
      <span>{texts.onlyOf(title)}</span>
      <a class="btn" href={`${paymentsPath(shell)}${queryOf({ ...asked, link: null })}`}>
        {texts.everyLink}
      </a>
    </p>
  );
}
