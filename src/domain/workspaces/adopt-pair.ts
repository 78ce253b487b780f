import { ApiError } from '../../core/errors.ts';
import type { Organisation } from '../../db/members.ts';
import { adoptOrganisation } from '../../db/organisations.ts';
import type { PlatformContext } from '../context.ts';
import { readPair } from './queries.ts';

/**
 * The organisation of a workspace pair in the shard of `context`. It is made where there is none yet: operators make pairs
 * without people. `id`: of the pair or of either workspace. Throws `not_found`.
 */
export async function adoptPair(context: PlatformContext, id: string): Promise<Organisation> {
  const pair = await readPair(context, id);
  const live = pair.find(({ mode }) => mode === 'live');
  const sandbox = pair.find(({ mode }) => mode === 'sandbox');
  if (!live || !sandbox) throw new ApiError('not_found', `The workspace ${id} has no pair.`);
  const { shard, directory } = context;
  const own = { id: live.id, sandboxId: sandbox.id, shard, name: live.name, createdAt: context.now() };
  return await adoptOrganisation(directory, own);
}
