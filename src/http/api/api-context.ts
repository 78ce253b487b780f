import type { Context } from '../../domain/context.ts';
import { workspaceContext } from '../../make-context.ts';
import type { ApiEnv } from '../app-env.ts';

/** The verbs' context of a request behind a secret key. */
export function apiContext(c: { readonly env: ApiEnv['Bindings']; readonly var: ApiEnv['Variables'] }): Context {
  const { authority, config, database, shard, requestId } = c.var;
  const { workspace, account, key } = authority;
  return workspaceContext(c.env, config, { database, shard, workspace, account, actor: `key:${key.id}`, requestId });
}
