import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { curlOf } from '../pages/curl.tsx';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { Badge, Code, CopyButton, Empty, NextPage } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { Cell, Row, Table } from '../pages/table.tsx';
import { pathOf } from '../paths.ts';
import type { Clock } from '../time.ts';
import { Limit, LinkSwitch, linkPath, priceText, Taken } from './link-facts.tsx';
import { linksTexts } from './texts.ts';

interface ListView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Whether the person may make and change links. */
  readonly mayWrite: boolean;
  /** What was searched for. '': nothing. */
  readonly search: string;
  /** The query of this page of the list. */
  readonly query: string;
  readonly links: readonly PaymentLink[];
  /** The query of the next page. null: there is none. */
  readonly next: string | null;
}

/** All links of a workspace, newest first, or those whose title begins with a text, in the order of their titles. */
export function linksPage(view: ListView): PageNode {
  const { shell, mayWrite, links, search, query, next } = view;
  const texts = linksTexts[shell.language];
  const list = pathOf(shell, 'links');
  const isEmpty = links.length === 0 && search === '' && query === '';
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="links">
      <div class="head wide">
        <div>
          <h1>{texts.title}</h1>
          <p class="soft">{texts.intro}</p>
        </div>
        {mayWrite && !isEmpty && <NewLink view={view} />}
      </div>
      <section class="card flush" aria-label={texts.title}>
        {!isEmpty && <Search view={view} list={list} />}
        {isEmpty && <NoLinks view={view} />}
        {!isEmpty && links.length === 0 && <Empty title={texts.noneFound} text={texts.noneFoundText} />}
        {links.length > 0 && <LinkTable view={view} />}
      </section>
      <NextPage
        language={shell.language}
        href={next === null ? null : `${list}?${next}`}
        has={search.trim() === '' ? 'older' : 'more'}
      />
    </WorkspaceScreen>
  );
}

function NewLink({ view: { shell } }: { view: ListView }): Child {
  return (
    <a class="btn main" href={pathOf(shell, 'links/new')}>
      <Icon name="add" />
      {linksTexts[shell.language].newLink}
    </a>
  );
}

function NoLinks({ view }: { view: ListView }): Child {
  const { shell, publicUrl, mayWrite } = view;
  const texts = linksTexts[shell.language];
  const body = { title: 'Studio deposit', currency: 'gbp', amount_cents: 4999 };
  return (
    <Empty title={texts.emptyTitle} text={texts.emptyText}>
      {shell.mode === 'sandbox' && <p class="soft">{texts.emptySandbox}</p>}
      {mayWrite && <NewLink view={view} />}
      <p class="soft">{texts.emptyApi}</p>
      <Code
        language={shell.language}
        id="curl"
        label={texts.request}
        code={curlOf(publicUrl, { method: 'POST', path: '/payment-links', body })}
      />
    </Empty>
  );
}

function Search({ view, list }: { view: ListView; list: string }): Child {
  const { shell, search } = view;
  const texts = linksTexts[shell.language];
  return (
    <div class="head pad">
      <search class="grow">
        <form class="find" action={list} method="get">
          <label class="vh" for="q">
            {texts.searchLabel}
          </label>
          <input id="q" name="q" type="search" value={search} placeholder={texts.searchHint} maxlength={250} />
          <button class="btn" type="submit">
            <Icon name="search" />
            {texts.search}
          </button>
        </form>
      </search>
      {search !== '' && (
        <a class="btn bare" href={list}>
          {texts.showAll}
        </a>
      )}
    </div>
  );
}

function LinkTable({ view }: { view: ListView }): Child {
  const texts = linksTexts[view.shell.language];
  return (
    <Table
      caption={texts.title}
      columns={[
        { text: texts.link, kind: 'a' },
        { text: texts.taken, kind: 'z' },
        { text: texts.takesPayments, kind: '' },
        { text: texts.actions, kind: '', isHidden: true },
      ]}
    >
      {view.links.map((link) => (
        <LinkRow view={view} link={link} />
      ))}
    </Table>
  );
}

function LinkRow({ view, link }: { view: ListView; link: PaymentLink }): Child {
  const { shell, clock, mayWrite, publicUrl } = view;
  const { language } = shell;
  const texts = linksTexts[language];
  const limit = <Limit clock={clock} link={link} />;
  return (
    <Row>
      <Cell kind="a">
        <a class="go" href={linkPath(shell, link.token)}>
          {link.title}
        </a>
        <small>
          {priceText(language, link)} {limit}
        </small>
      </Cell>
      <Cell kind="z">
        <Taken language={language} link={link} />
      </Cell>
      <Cell kind="">
        {mayWrite ? (
          <LinkSwitch shell={shell} link={link} back={view.query} />
        ) : (
          <Badge tone={link.active ? 'ok' : 'plain'}>{link.active ? texts.on : texts.off}</Badge>
        )}
      </Cell>
      <Cell kind="e">
        <span class="vh" id={link.token}>
          {linkUrl(publicUrl, link.token)}
        </span>
        <CopyButton language={language} source={link.token} label={texts.address(link.title)} />
      </Cell>
    </Row>
  );
}
