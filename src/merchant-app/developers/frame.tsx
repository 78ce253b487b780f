import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { Icon } from '../pages/icons.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { BackLink, Notice, Tabs } from '../pages/parts.tsx';
import { RiskPage } from '../pages/risk.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { developersTexts } from './texts.ts';

/** What every page for developers is made with. */
export interface DevelopersView {
  readonly shell: ShellView;
  /** The address of the API, without a slash at its end. */
  readonly publicUrl: string;
  /** The address of the documentation of the API. null: not configured. */
  readonly docsUrl: string | null;
}

/** What a page for developers is made with, of this request. */
export function viewOf(c: Context<WorkspaceEnv>): DevelopersView {
  const { publicUrl, docsUrl } = c.var.config.service;
  return { shell: shellOf(c), publicUrl, docsUrl };
}

const TABS = ['keys', 'webhooks', 'events', 'requests'] as const;

type Tab = (typeof TABS)[number];

/** The path of a page for developers. */
export function developersPath(shell: ShellView, rest: string): string {
  return pathOf(shell, `developers/${rest}`);
}

/** One of the four lists for developers, with the tabs that lead to the others. */
export function TabScreen({ view, tab, children }: { view: DevelopersView; tab: Tab; children: Child }): PageNode {
  const { shell, docsUrl } = view;
  const texts = developersTexts[shell.language];
  const tabs = TABS.map((name) => ({
    href: developersPath(shell, name),
    text: texts.tabs[name],
    isCurrent: name === tab,
  }));
  return (
    <WorkspaceScreen shell={shell} title={texts.tabs[tab]} screen="developers">
      <div class="head">
        <h1>{texts.title}</h1>
        {docsUrl !== null && (
          <a class="btn bare" href={docsUrl}>
            {texts.reference}
            <Icon name="out" size={18} />
          </a>
        )}
      </div>
      <Tabs label={texts.title} tabs={tabs} />
      {children}
    </WorkspaceScreen>
  );
}

interface PartView {
  readonly view: DevelopersView;
  readonly title: string;
  /** The page that this one belongs to: its path below developers/, and its name. */
  readonly back: { readonly to: string; readonly text: string };
  readonly children: Child;
}

/** A page below one of the lists, with the way back. */
export function PartScreen({ view: { shell }, title, back, children }: PartView): PageNode {
  return (
    <WorkspaceScreen shell={shell} title={title} screen="developers">
      <BackLink href={developersPath(shell, back.to)} text={back.text} />
      <h1>{title}</h1>
      {children}
    </WorkspaceScreen>
  );
}

interface RiskView extends PartView {
  /** The path below developers/ that the form is sent to. */
  readonly action: string;
  /** What the button does. */
  readonly button: string;
  /** What stands below the form. */
  readonly after?: Child;
}

/** A page that asks before something is done that cannot be undone. `children`: what it means, and fields of the form. */
export function RiskScreen({ view: { shell }, back, action, ...page }: RiskView): PageNode {
  const below = (path: string) => `developers/${path}`;
  return (
    <RiskPage
      {...page}
      shell={shell}
      screen="developers"
      back={{ ...back, to: below(back.to) }}
      action={below(action)}
    />
  );
}

/** Says above a form that something in it was refused. */
export function FaultyForm({ shell: { language } }: { shell: ShellView }): Child {
  return <Notice tone="bad">{developersTexts[language].formFaulty}</Notice>;
}
