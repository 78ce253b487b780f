import * as z from 'zod/mini';
import { type Page, pageOf } from '../../src/core/paging.ts';
import { listWorkspaces, type WorkspacePlace } from '../../src/db/workspaces.ts';
import { listAnswer, listQuery, pageRequestOf } from '../../src/http/api/paging.ts';
import type { Command, Tools } from './command.ts';
import { queryOf } from './list-command.ts';
import { accountText, inShard, table, workspaceJson } from './present.ts';
import { askAll } from './shards.ts';

interface Listed {
  readonly shard: string;
  readonly row: Awaited<ReturnType<typeof listWorkspaces>>[number];
}

const CURSOR = /^w([0-9a-z]{1,11})_([0-9a-f-]{36})_(live|sandbox)$/;

const NO_FURTHER_PAGE = 'There is no further page until all databases answer: it would skip workspaces.';

/** The cursor of the page that begins after a workspace: the same in every database. */
function cursorOf({ row: { workspaces: workspace } }: Listed): string {
  return `w${workspace.createdAt.toString(36)}_${workspace.pairId}_${workspace.mode}`;
}

function parseCursor(cursor: string): WorkspacePlace | null {
  const [, time = '', pairId = '', mode] = CURSOR.exec(cursor) ?? [];
  if (mode !== 'live' && mode !== 'sandbox') return null;
  return { createdAt: Number.parseInt(time, 36), pairId, mode };
}

const query = listQuery(parseCursor, {});
const listWorkspacesQuery = z.pipe(
  query,
  z.transform((sent: z.output<typeof query>) => pageRequestOf(sent)),
);

/** Oldest first, as each database orders its own. */
function compare({ row: { workspaces: left } }: Listed, { row: { workspaces: right } }: Listed): number {
  if (left.createdAt !== right.createdAt) return left.createdAt - right.createdAt;
  const [one, other] = [left.pairId + left.mode, right.pairId + right.mode];
  return one < other ? -1 : 1;
}

function listText({ items, nextCursor }: Page<Listed>, tools: Tools): string {
  const { style } = tools;
  if (items.length === 0) return 'No workspaces are listed. Make one with `workspace create --name "…"`.';
  const rows = table(
    items.map(({ row: { workspaces, connected_accounts: account } }) => [
      `  ${workspaces.mode}`,
      workspaces.id,
      accountText(account),
    ]),
  ).split('\n');
  const pairs = [...Map.groupBy(items, ({ row }) => row.workspaces.pairId).values()].map((pair) => {
    const [first] = pair;
    const { name = '', status = 'active' } = first?.row.workspaces ?? {};
    const mark = status === 'active' ? '' : `  ${style.warn(status)}`;
    const where = first ? inShard(tools, first.shard) : '';
    return [`${style.bold(name)}${where}${mark}`, ...rows.splice(0, pair.length)].join('\n');
  });
  const more = nextCursor === null ? [] : [style.dim(`More: add --cursor ${nextCursor}`)];
  return [...pairs, ...more].join('\n\n');
}

/** Lists the workspaces of all databases, as one list. */
export const workspaceList: Command = {
  words: 'workspace list',
  parameters: [],
  options: ['limit', 'cursor'],
  summary: 'Lists the workspaces of all databases with their accounts, oldest first.',
  example: '--limit 100',
  run: async (tools, input) => {
    const page = queryOf(listWorkspacesQuery, input.options);
    const read = await askAll(tools, ({ database }) => listWorkspaces(database, page.before, page.limit + 1));
    const rows = read.answers.flatMap(({ shard: { shard }, value }) => value.map((row) => ({ shard, row })));
    const found = pageOf(rows.toSorted(compare), page.limit, cursorOf);
    const isWhole = read.failures.length === 0;
    // Going on with the cursor would leave out the workspaces of a database that has not answered.
    const listed = isWhole ? found : { ...found, nextCursor: null };
    const failures = isWhole || found.nextCursor === null ? read.failures : [...read.failures, NO_FURTHER_PAGE];
    const json = listAnswer(listed, page, ({ shard, row }) => ({
      ...workspaceJson(row.workspaces, row.connected_accounts),
      shard,
    }));
    return { json, text: listText(listed, tools), failures };
  },
};
