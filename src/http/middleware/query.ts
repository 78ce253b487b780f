import { createMiddleware } from 'hono/factory';
import { faultsError } from '../../core/errors.ts';
import type { ApiEnv } from '../app-env.ts';
import type { Parsed } from './json-body.ts';

/** Validates the query. Faults are held, not thrown: the gate counts refused requests too. */
export const query = <T>(parse: (query: Record<string, string>) => Parsed<T>) =>
  createMiddleware<{ Bindings: ApiEnv['Bindings']; Variables: ApiEnv['Variables'] & { query: T } }>(
    async function query(c, next) {
      if (!c.var.refusal) {
        const parsed = parse(c.req.query());
        if (parsed.ok) c.set('query', parsed.input);
        else c.set('refusal', faultsError(parsed.faults));
      }
      await next();
    },
  );
