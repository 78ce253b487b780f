import { nameFault } from '../../src/core/text.ts';
import { listWorkspaces, type Workspace } from '../../src/db/workspaces.ts';
import { createPair } from '../../src/domain/workspaces/create-pair.ts';
import { renamePair } from '../../src/domain/workspaces/rename-pair.ts';
import { setPairStatus } from '../../src/domain/workspaces/set-pair-status.ts';
import type { Style } from '../local/style.ts';
import { type Command, type CommandAnswer, type CommandInput, parameter, type Tools, usageError } from './command.ts';
import { accountText, table, workspaceJson } from './present.ts';

const MAX_NAME_LENGTH = 250;

/** The name of a workspace from `--name`. Throws ScriptError with the code `usage` for one that buyers must not see. */
export function workspaceNameOf(typed = ''): string {
  const name = typed.trim();
  const fault = nameFault(name, MAX_NAME_LENGTH);
  if (fault === null) return name;
  throw usageError(`--name ${fault} It is required: one line of 1 to ${MAX_NAME_LENGTH} characters.`);
}

type Listed = Awaited<ReturnType<typeof listWorkspaces>>[number];

function pairAnswer(pair: readonly Workspace[], done: string, style: Style): CommandAnswer {
  const rows = pair.map((workspace) => [`  ${workspace.mode}`, workspace.id, workspace.status]);
  return {
    json: pair.map((workspace) => workspaceJson(workspace, null)).map(({ account: _, ...workspace }) => workspace),
    text: `${style.good('✓')} ${done} ${style.bold(pair[0]?.name ?? '')}\n${table(rows)}`,
  };
}

function setStatus(status: Workspace['status'], done: string) {
  return async ({ context, style }: Tools, input: CommandInput): Promise<CommandAnswer> =>
    pairAnswer(await setPairStatus(context, { id: parameter(input, 0), status }), done, style);
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
    required: ['name'],
    summary: 'Makes a live workspace and its sandbox workspace.',
    details: 'Each has its own keys and its own Stripe account. Buyers can see the name.',
    example: '--name "Northlight Studio"',
    run: async ({ context, style }, input) => {
      const name = workspaceNameOf(input.options.name);
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
    summary: 'Lists all workspaces with their accounts, oldest first.',
    example: '',
    run: async ({ context, style }) => {
      const listed = await listWorkspaces(context.database);
      return {
        json: listed.map((row) => workspaceJson(row.workspaces, row.connected_accounts)),
        text: listText(listed, style),
      };
    },
  },
  {
    words: 'workspace rename',
    parameters: ['<workspace-id>'],
    options: ['name'],
    required: ['name'],
    summary: 'Gives a workspace and its sandbox workspace another name.',
    details: 'Buyers see it at once on pages that show the business name.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 --name "Northlight Photography"',
    run: async ({ context, style }, input) =>
      pairAnswer(
        await renamePair(context, { id: parameter(input, 0), name: workspaceNameOf(input.options.name) }),
        'Renamed to',
        style,
      ),
  },
  {
    words: 'workspace suspend',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Suspends a workspace and its sandbox workspace.',
    details: 'Requests with their keys are answered 402.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: setStatus('suspended', 'Suspended'),
  },
  {
    words: 'workspace resume',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Ends a suspension.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: setStatus('active', 'Resumed'),
  },
];
