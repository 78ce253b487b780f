import { ApiError } from '../../src/core/errors.ts';
import { shardOf } from '../../src/core/ids.ts';
import { findPair, findWorkspace } from '../../src/db/workspaces.ts';
import { type Context, inWorkspace, type PlatformContext } from '../../src/domain/context.ts';
import { ScriptError } from '../local/script-error.ts';
import type { Place } from './place.ts';

/** An open database. `binding`: its name in wrangler.toml. `context`: of use cases in it. */
export interface Shard {
  readonly shard: string;
  readonly binding: string;
  readonly context: PlatformContext;
}

/** The open databases, the first shard first, and where they are. */
export interface Shards {
  readonly shards: readonly Shard[];
  readonly place: Pick<Place, 'migrateCommand'>;
}

/** What the databases have answered. `failures`: one sentence about each database that has not answered. */
export interface Answers<T> {
  readonly answers: readonly { readonly shard: Shard; readonly value: T }[];
  readonly failures: readonly string[];
}

/**
 * Asks all databases at once. One that fails does not hide the answers of the others. Throws ScriptError that names the
 * databases if none has answered.
 */
export async function askAll<T>(
  { shards, place }: Shards,
  ask: (context: PlatformContext) => Promise<T>,
): Promise<Answers<T>> {
  const results = await Promise.allSettled(shards.map(async (shard) => ({ shard, value: await ask(shard.context) })));
  const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result, index) => {
    const shard = shards[index];
    return result.status === 'rejected' && shard ? [failureOf(shard, place, result.reason)] : [];
  });
  if (answers.length === 0) throw new ScriptError(failures.join('\n'), { code: 'no_database' });
  return { answers, failures };
}

function failureOf({ shard, binding }: Shard, { migrateCommand }: Shards['place'], error: unknown): string {
  const name = `The database ${binding} (shard ${shard})`;
  if (messagesOf(error).some((message) => /no such table/.test(message))) {
    return `${name} lacks tables. Run \`${migrateCommand(binding)}\`.`;
  }
  return `${name} does not answer: ${rootMessage(error)}`;
}

/** What the database itself has said: the message of the innermost cause of an error. */
export function rootMessage(error: unknown): string {
  return messagesOf(error).at(-1) ?? String(error);
}

function messagesOf(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...messagesOf(error.cause)] : [];
}

/**
 * The answer of the first database that has something: for ids that name no shard. Throws `not_found` with the message,
 * or ScriptError if a database has not answered, because it may be the one.
 */
export async function findInAll<T>(
  shards: Shards,
  find: (context: PlatformContext) => Promise<T | null>,
  notFound: string,
): Promise<{ shard: Shard; value: T }> {
  const { answers, failures } = await askAll(shards, find);
  for (const { shard, value } of answers) {
    if (value !== null) return { shard, value };
  }
  if (failures.length === 0) throw new ApiError('not_found', notFound);
  throw new ScriptError([`${notFound} But not all databases have answered.`, ...failures].join('\n'), {
    code: 'no_database',
  });
}

/** The context of the workspace with this id, in the database that has it. Throws `not_found`. */
export async function workspaceContext(shards: Shards, id: string): Promise<Context> {
  const missing = `No workspace has the id ${id}. See \`workspace list\`.`;
  const { shard, value } = await findInAll(shards, ({ database }) => findWorkspace(database, id), missing);
  return inWorkspace(shard.context, value);
}

/** The database of a pair, by the id of the pair or of one of its workspaces. Throws `not_found`. */
export async function shardOfPair(shards: Shards, id: string): Promise<Shard> {
  const find = async ({ database }: PlatformContext) => ((await findPair(database, id)).length > 0 ? true : null);
  return (await findInAll(shards, find, `No workspace has the id ${id}. See \`workspace list\`.`)).shard;
}

/**
 * The database that an id of ours names by its shard character. Throws `not_found` if it is not open. An id without a
 * shard character is looked for in the first database.
 */
export function shardOfId({ shards }: Shards, id: string): Shard {
  const named = shardOf(id);
  const found = named === null ? shards[0] : shards.find(({ shard }) => shard === named);
  if (found) return found;
  throw new ApiError('not_found', `${id} is in the database of shard ${named}, which wrangler.toml does not bind.`);
}

/** The database of a shard that an operator has typed. Throws ScriptError with the code `usage`. */
export function shardNamed({ shards }: Shards, typed: string): Shard {
  const found = shards.find(({ shard }) => shard === typed);
  if (found) return found;
  const known = shards.map(({ shard, binding }) => `${shard} (${binding})`).join(', ');
  throw new ScriptError(`--shard must be a shard that is bound: ${known}.`, { code: 'usage' });
}
