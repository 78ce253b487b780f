import { nameFault } from '../../src/core/text.ts';
import { listWorkspaces, type Workspace } from '../../src/db/workspaces.ts';
import type { PlatformContext } from '../../src/domain/context.ts';
import { createPair } from '../../src/domain/workspaces/create-pair.ts';
import { setPairStatus } from '../../src/domain/workspaces/set-pair-status.ts';
import type { Style } from '../local/style.ts';
import { type Command, type CommandAnswer, parameter, usageError } from './command.ts';
import { accountText, table, workspaceJson } from './present.ts';

const MAX_NAME_LENGTH = 250;

/** The name of a new workspace from `--name`. Throws ScriptError with the code `usage` for one that buyers must not see. */
export function workspaceNameOf(typed = ''): string {
  const name = typed.trim();
  const fault = nameFault(name, MAX_NAME_LENGTH);
  if (fault === null) return name;
  throw usageError(`--name ${fault} It is required: one line of 1 to ${MAX_NAME_LENGTH} characters.`);
}

type Listed = Awaited<ReturnType<typeof listWorkspaces>>[number];

function setStatus(status: Workspace['status'], done: string) {
  return async (
    context: PlatformContext,
    input: Parameters<Command['run']>[1],
    style: Style,
  ): Promise<CommandAnswer> => {
    const pair = await setPairStatus(context, { id: parameter(input, 0), status });
    const rows = pair.map((workspace) => [`  ${workspace.mode}`, workspace.id, workspace.status]);
    return {
      json: pair.map((workspace) => workspaceJson(workspace, null)).map(({ account: _, ...workspace }) => workspace),
      text: `${style.good('✓')} ${done} ${style.bold(pair[0]?.name ?? '')}\n${table(rows)}`,
    };
  };
}

function listText(listed: readonly Listed[], style: Style): string {
  if (listed.length === 0) return 'No workspaces yet. Make one with `workspace create --name "…"`.';
  const byPair = Map.groupBy(listed, (row) => row.workspaces.pairId);
  const rows = table(
    listed.map(({ workspaces, connected_accounts: account }) => [
      `  ${workspaces.mode}`,
      workspaces.id,
      accountText(account),
    ]),
  ).split('\n');
  return [...byPair.values()]
    .map((pair) => {
      const { name = '', status = 'active' } = pair[0]?.workspaces ?? {};
      const mark = status === 'active' ? '' : `  ${style.warn(status)}`;
      return [`${style.bold(name)}${mark}`, ...rows.splice(0, pair.length)].join('\n');
    })
    .join('\n\n');
}

export const workspaceCommands: readonly Command[] = [
  {
    words: 'workspace create',
    parameters: [],
    options: ['name'],
    optionsUsage: '--name <name>',
    summary: 'Makes a live workspace and its sandbox workspace. Buyers can see the name.',
    run: async (context, { options }, style) => {
      const name = workspaceNameOf(options.name);
      const { live, sandbox } = await createPair(context, name);
      const rows = [live, sandbox].map((workspace) => [`  ${workspace.mode}`, workspace.id]);
      return {
        json: {
          pair_id: live.pairId,
          name,
          live: workspaceJson(live, null),
          sandbox: workspaceJson(sandbox, null),
        },
        text: `${style.good('✓')} Created ${style.bold(name)}\n${table(rows)}\n\nNext: account attach, then key issue.`,
      };
    },
  },
  {
    words: 'workspace list',
    parameters: [],
    options: [],
    optionsUsage: '',
    summary: 'Lists all workspaces with their accounts, oldest first.',
    run: async (context, _input, style) => {
      const listed = await listWorkspaces(context.database);
      return {
        json: listed.map((row) => workspaceJson(row.workspaces, row.connected_accounts)),
        text: listText(listed, style),
      };
    },
  },
  {
    words: 'workspace suspend',
    parameters: ['<id>'],
    options: [],
    optionsUsage: '',
    summary: 'Suspends a workspace and its sandbox workspace: requests with their keys are answered 402.',
    run: setStatus('suspended', 'Suspended'),
  },
  {
    words: 'workspace resume',
    parameters: ['<id>'],
    options: [],
    optionsUsage: '',
    summary: 'Ends a suspension.',
    run: setStatus('active', 'Resumed'),
  },
];
