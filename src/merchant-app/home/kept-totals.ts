import type { Context } from 'hono';
import * as z from 'zod/mini';
import { describeError, logLine } from '../../core/log.ts';
import { type CurrencyTotals, readTotals } from '../../domain/payments/totals.ts';
import type { WorkspaceEnv } from '../allowed-to.ts';
import { lastDays, localTime } from '../local-time.ts';
import type { Clock } from '../time.ts';

const KEPT_SECONDS = 60;

const totals = { count: z.number(), paidMinor: z.number(), refundedMinor: z.number() };
const dayTotals = z.object({ date: z.string(), ...totals });
const keptTotals = z.array(
  z.object({ currency: z.string(), today: dayTotals, all: z.object(totals), days: z.array(dayTotals) }),
);

/**
 * The key of kept totals: their days are those of the time zone, and the last one is today. The app answers every request to this
 * address, with 404, so that nobody reads the cache there.
 */
export function totalsKey(
  appUrl: string,
  workspaceId: string,
  { timeZone, now }: Pick<Clock, 'timeZone' | 'now'>,
): string {
  const today = localTime(now, timeZone).slice(0, 10);
  return `${appUrl}/app/totals/${workspaceId}/${encodeURIComponent(timeZone)}/${today}`;
}

/**
 * The totals of the request's workspace in the last 30 days of this clock, at most a minute old. See `readTotals`. They are kept in
 * the cache of Cloudflare's data center, and read again where that has none or fails. Where nothing came in they are not kept: the
 * first payment is seen at once.
 */
export async function readKeptTotals(c: Context<WorkspaceEnv>, clock: Clock): Promise<readonly CurrencyTotals[]> {
  const { context, config } = c.var;
  const key = totalsKey(config.appUrl, context.workspace.id, clock);
  const kept = await withoutFailure(async () => {
    const found = await caches.default.match(key);
    return found ? keptTotals.parse(await found.json()) : null;
  });
  if (kept) return kept;
  const read = await readTotals(context, lastDays(clock.now, clock.timeZone));
  const answer = Response.json(read, { headers: { 'Cache-Control': `max-age=${KEPT_SECONDS}` } });
  if (read.length > 0) c.executionCtx.waitUntil(withoutFailure(() => caches.default.put(key, answer)));
  return read;
}

/** null where the cache fails, or is missing. */
async function withoutFailure<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    logLine('warn', 'the cache of totals failed', { error: describeError(error) });
    return null;
  }
}
