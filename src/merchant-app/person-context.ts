import type { Context } from 'hono';
import { DEFAULT_SHARD } from '../core/ids.ts';
import type { PlatformContext } from '../domain/context.ts';
import { makeContext } from '../make-context.ts';
import type { SignedInEnv } from './sign-in/signed-in.ts';

/**
 * The context in which the person who sends this request acts outside of a workspace: makes one, or answers an invitation.
 * In a workspace there is only the context of `allowedTo`; a test knows the files that may use this one.
 */
export function personContext(c: Pick<Context<SignedInEnv>, 'env' | 'req' | 'var'>): PlatformContext {
  const { config, requestId, signedIn } = c.var;
  const address = c.req.header('CF-Connecting-IP') ?? null;
  const actor = { kind: 'person', id: signedIn.person.id, address } as const;
  const context = makeContext(c.env, config.service, { shard: DEFAULT_SHARD, actor, requestId });
  // No webhook is sent to the app either, and Stripe may send a merchant back here.
  const ownOrigins = [...context.webhookUrlRules.ownOrigins, config.appUrl];
  return { ...context, webhookUrlRules: { ...context.webhookUrlRules, ownOrigins } };
}
