import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { grants, type Scope } from '../../core/scopes.ts';
import type { ApiEnv } from '../app-env.ts';

/** Throws `insufficient_scope` unless the key has one of the scopes. */
export const requireScope = (...anyOf: readonly [Scope, ...Scope[]]) =>
  createMiddleware<ApiEnv>(async function requireScope(c, next) {
    const granted = c.var.key.scopes;
    if (!anyOf.some((scope) => grants(granted, scope))) {
      throw new ApiError('insufficient_scope', `This key lacks the scope ${anyOf.join(' or ')}.`);
    }
    await next();
  });
