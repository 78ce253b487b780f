import type { ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import type { ReplayRange } from '../../../db/replays.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { replaySchema } from './replay-schema.ts';

/** The body of `POST /webhook-endpoints/:id/replay`, or all its faults. Without `until` the range ends now. */
export function parseReplay(body: JsonObject): Parsed<Omit<ReplayRange, 'now'>> {
  const parsed = replaySchema.safeParse(body);
  if (!parsed.success) {
    const details = parsed.error.issues.map(({ path, message }) => refusal(path.join('.'), message));
    return { ok: false, faults: details };
  }
  const since = parseRfc3339(parsed.data.since);
  const until = parsed.data.until ? endOf(parsed.data.until) : Date.now();
  if (since === null || until === null || since > until) {
    return { ok: false, faults: [refusal('since', 'since must not be later than until, which is now by default.')] };
  }
  return { ok: true, input: { since, until, status: parsed.data.status ?? null } };
}

/** Answers show whole seconds: a time without a fraction means all of its second. */
function endOf(text: string): number | null {
  const at = parseRfc3339(text);
  return at === null || text.includes('.') ? at : at + 999;
}

function refusal(path: string, message: string): ErrorDetail {
  return { path, code: 'validation_failed', message };
}
