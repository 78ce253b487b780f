import type { Child } from 'hono/jsx';
import type { StoredAuditEntry } from '../../db/operator-lists.ts';
import type { PageNode } from '../pages/layout.tsx';
import { Empty, NextPage, When } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { Cell, Row, Table } from '../pages/table.tsx';
import type { Clock } from '../time.ts';
import { auditActionText, auditTexts } from './audit-texts.ts';
import { SettingsHead } from './tabs.tsx';

interface AuditView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly entries: readonly StoredAuditEntry[];
  /** Who did something, by the actor in an entry. */
  readonly names: ReadonlyMap<string, string>;
  /** The address of the next page. null: there is none. */
  readonly next: string | null;
}

/** Who has changed what in the workspace of one mode, newest first. */
export function auditPage(view: AuditView): PageNode {
  const { shell, entries, next } = view;
  const texts = auditTexts[shell.language];
  return (
    <WorkspaceScreen shell={shell} title={texts.title} screen="settings">
      <SettingsHead shell={shell} current="audit" />
      <p class="soft">{texts.intro}</p>
      <section class="card flush" aria-label={texts.title}>
        {entries.length === 0 ? <Empty title={texts.emptyTitle} text={texts.emptyText} /> : <Entries view={view} />}
      </section>
      <NextPage language={shell.language} href={next} />
    </WorkspaceScreen>
  );
}

function Entries({ view: { shell, clock, entries, names } }: { view: AuditView }): Child {
  const texts = auditTexts[shell.language];
  const columns = [
    { text: texts.what, kind: 'a full' },
    { text: texts.who, kind: 'full' },
    { text: texts.where, kind: 'soft' },
    { text: texts.when, kind: 'e soft' },
  ];
  return (
    <Table caption={texts.title} columns={columns}>
      {entries.map(({ actor, action, object, address, at }) => (
        <Row>
          <Cell kind="a full">
            {auditActionText(shell.language, action)}
            <small class="mono">{object}</small>
          </Cell>
          <Cell kind="full">{names.get(actor) ?? texts.actors[actor] ?? actor}</Cell>
          <Cell kind="soft">{address}</Cell>
          <Cell kind="e soft">
            <When clock={clock} at={at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
