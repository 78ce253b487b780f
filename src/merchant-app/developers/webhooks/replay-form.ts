import { DELIVERY_STATUSES } from '../../../db/schema.ts';
import type { AskedReplay } from '../../../domain/webhooks/replay/replay.ts';
import { replayBody } from '../../../http/api/webhook-endpoints/requests.ts';
import { localTime, readLocalTime } from '../../local-time.ts';
import type { Clock } from '../../time.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What stands in the form that sends events again. Times are those of the reader's clock. */
export interface ReplayForm {
  readonly since: string;
  /** Empty: until now. */
  readonly until: string;
  /** Empty: those that did not arrive. */
  readonly status: string;
}

/** The members of the form that were refused. */
export type ReplayFault = 'since' | 'until';

/** The form as it is at first: what did not arrive in the last day. */
export function firstReplayForm({ now, timeZone }: Clock): ReplayForm {
  return { since: localTime(now - DAY_MS, timeZone), until: '', status: '' };
}

/** The form as it was sent. */
export function readReplayForm(fields: URLSearchParams): ReplayForm {
  const status = DELIVERY_STATUSES.find((one) => one === fields.get('status')) ?? '';
  return { since: fields.get('since') ?? '', until: fields.get('until') ?? '', status };
}

/** The body of a request to the API with what the form says. A time that cannot be read is an empty text. */
export function bodyOfReplay({ since, until, status }: ReplayForm, { timeZone }: Clock) {
  const timeOf = (text: string) => {
    const at = readLocalTime(text, timeZone);
    return at === null ? '' : new Date(at).toISOString();
  };
  return {
    since: timeOf(since),
    ...(until === '' ? {} : { until: timeOf(until) }),
    ...(status === '' ? {} : { status }),
  };
}

/** What the form asks for, by the rules of the API, or the members at fault. */
export function checkReplayForm(
  form: ReplayForm,
  clock: Clock,
):
  | { readonly ok: true; readonly asked: AskedReplay }
  | { readonly ok: false; readonly faults: readonly ReplayFault[] } {
  const parsed = replayBody.safeParse(bodyOfReplay(form, clock));
  if (parsed.success) return { ok: true, asked: parsed.data };
  const members = ['since', 'until'] as const;
  return { ok: false, faults: members.filter((member) => parsed.error.issues.some(({ path }) => path[0] === member)) };
}
