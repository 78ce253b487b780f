import type { Database } from '../../db/client.ts';
import type { PlatformContext } from '../../domain/context.ts';
import { makeContext } from '../../make-context.ts';
import type { AppContext } from '../app-env.ts';

/** The context of a buyer's request, on the pay page or in the widget's frame. `found`: where the link of the request is. */
export function buyerContext(
  c: AppContext,
  { database, shard }: { readonly database: Database; readonly shard: string },
): PlatformContext {
  const { config, requestId } = c.var;
  return makeContext(c.env, config, { database, shard, actor: { kind: 'buyer' }, requestId });
}
