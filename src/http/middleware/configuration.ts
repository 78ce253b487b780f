import { createMiddleware } from 'hono/factory';
import { unavailable } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import { configOf } from '../../env.ts';
import type { AppEnv } from '../app-env.ts';

/**
 * Sets `c.var.config`. Throws 503 if a variable is missing or malformed, or variables contradict each other. The log
 * names each of them.
 *
 * @example app.use(configuration())
 */
export const configuration = () =>
  createMiddleware<AppEnv>(async function configuration(c, next) {
    const parsed = configOf(c.env);
    if (!parsed.ok) {
      logLine('error', 'configuration', { request_id: c.var.requestId, faults: parsed.faults });
      throw unavailable('This service is not configured correctly. Its operators find the reason in the log.');
    }
    c.set('config', parsed.config);
    await next();
  });
