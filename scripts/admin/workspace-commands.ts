import { readDatabaseBytes, smallestOf } from '../../src/db/database-size.ts';
import type { Workspace } from '../../src/db/workspaces.ts';
import { createNewPair } from '../../src/domain/workspaces/create-pair.ts';
import { MAX_NAME_LENGTH, readWorkspaceName } from '../../src/domain/workspaces/name.ts';
import { renamePair } from '../../src/domain/workspaces/rename-pair.ts';
import { setPairStatus } from '../../src/domain/workspaces/set-pair-status.ts';
import { ScriptError } from '../local/script-error.ts';
import type { Style } from '../local/style.ts';
import { type Command, type CommandAnswer, type CommandInput, parameter, type Tools, usageError } from './command.ts';
import { inShard, table, workspaceJson } from './present.ts';
import { askAll, type Shard, shardNamed, shardOfPair, workspaceContext } from './shards.ts';
import { workspaceList } from './workspace-list.ts';

/** The name of a workspace from `--name`. Throws ScriptError with the code `usage` for one that buyers must not see. */
export function workspaceNameOf(typed = ''): string {
  const { name, fault } = readWorkspaceName(typed);
  if (fault === null) return name;
  throw usageError(`--name ${fault} It is required: one line of 1 to ${MAX_NAME_LENGTH} characters.`);
}

function pairAnswer(pair: readonly Workspace[], done: string, style: Style): CommandAnswer {
  const rows = pair.map((workspace) => [`  ${workspace.mode}`, workspace.id, workspace.status]);
  return {
    json: pair.map((workspace) => workspaceJson(workspace, null)).map(({ account: _, ...workspace }) => workspace),
    text: `${style.good('✓')} ${done} ${style.bold(pair[0]?.name ?? '')}\n${table(rows)}`,
  };
}

function setStatus(status: Workspace['status'], done: string) {
  return async (tools: Tools, input: CommandInput): Promise<CommandAnswer> => {
    const id = parameter(input, 0);
    const { context } = await shardOfPair(tools, id);
    return pairAnswer(await setPairStatus(context, { id, status }), done, tools.style);
  };
}

/** The database with the fewest bytes. Throws ScriptError if one does not answer: it may be the smallest. */
async function smallestShard(tools: Tools): Promise<Shard> {
  const { answers, failures } = await askAll(tools, ({ database }) => readDatabaseBytes(database));
  const smallest = smallestOf(answers);
  if (smallest && failures.length === 0) return smallest.shard;
  throw new ScriptError([...failures, 'To use another database, add --shard.'].join('\n'), { code: 'no_database' });
}

export const workspaceCommands: readonly Command[] = [
  {
    words: 'workspace create',
    parameters: [],
    options: ['name', 'shard'],
    required: ['name'],
    summary: 'Makes a live workspace and its sandbox workspace.',
    details:
      'Each has its own keys and its own Stripe account. Buyers can see the name. Without --shard, both are made in the ' +
      'database with the fewest bytes. They cannot be moved to another database later.',
    example: '--name "Northlight Studio"',
    run: async (tools, input) => {
      const { style } = tools;
      const name = workspaceNameOf(input.options.name);
      const { shard: typed } = input.options;
      const { shard, context } = typed === undefined ? await smallestShard(tools) : shardNamed(tools, typed);
      const { live, sandbox } = await createNewPair(context, name);
      const rows = [live, sandbox].map((workspace) => [`  ${workspace.mode}`, workspace.id]);
      return {
        json: {
          pair_id: live.pairId,
          name,
          shard,
          live: workspaceJson(live, null),
          sandbox: workspaceJson(sandbox, null),
        },
        text: `${style.good('✓')} Created ${style.bold(name)}${inShard(tools, shard)}\n${table(rows)}\n\nNext: account onboard, then key issue.`,
      };
    },
  },
  workspaceList,
  {
    words: 'workspace show',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Shows a workspace with its account, and the shard of its database.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: async (tools, input) => {
      const { workspace, account, shard } = await workspaceContext(tools, parameter(input, 0));
      const json = { ...workspaceJson(workspace, account), shard };
      return { json, text: JSON.stringify(json, null, 2) };
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
    run: async (tools, input) => {
      const [id, name] = [parameter(input, 0), workspaceNameOf(input.options.name)];
      const { context } = await shardOfPair(tools, id);
      return pairAnswer(await renamePair(context, { id, name }), 'Renamed to', tools.style);
    },
  },
  {
    words: 'workspace suspend',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Suspends a workspace and its sandbox workspace.',
    details:
      'Requests with their keys are answered 402. Their payment links take no payments, and their logos are not served.',
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
