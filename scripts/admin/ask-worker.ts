import * as z from 'zod';
import { ScriptError } from '../local/script-error.ts';
import type { Place } from './place.ts';

/** Longer than the calls to Stripe of one request together: what it has made must not be made again. */
const TIMEOUT_MS = 60_000;
const answerSchema = z.object({ data: z.unknown() });
const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ message: z.string() })).optional(),
  }),
});

/** What the Worker has answered. `status` is 2xx, or 503 where the answer itself reports that something is wrong. */
export interface WorkerAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** Where the Worker answers operators about a workspace. */
export function pathOfWorkspace(workspaceId: string, rest: string): string {
  return `/operators/workspaces/${encodeURIComponent(workspaceId)}/${rest}`;
}

/**
 * Asks the Worker with the operators' token: by POST if there is a `body`, which is sent as JSON. Throws ScriptError that
 * says what to do if the address or the token is not known here, or the Worker does not answer or refuses.
 */
export async function askWorker(place: Place, path: string, body?: object): Promise<WorkerAnswer> {
  const { url, token } = workerOf(place);
  const authorization = { Authorization: `Bearer ${token}` };
  const request =
    body === undefined
      ? { headers: authorization }
      : {
          method: 'POST',
          headers: { ...authorization, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        };
  const response = await fetch(`${url}${path}`, {
    ...request,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause) => {
    const remedy = place.isRemote ? 'Check PUBLIC_URL under [vars] in wrangler.toml.' : 'Run `npm start`.';
    throw new ScriptError(`The Worker does not answer at ${url}. ${remedy}`, { code: 'worker_unreachable', cause });
  });
  const answered: unknown = await response.json().catch(() => null);
  const answer = answerSchema.safeParse(answered);
  if (answer.success && answer.data.data !== undefined) return { status: response.status, data: answer.data.data };
  throw refusal(url, response.status, answered);
}

function workerOf({ variables, isRemote }: Place): { url: string; token: string } {
  const { PUBLIC_URL: url, OPERATOR_TOKEN: token } = variables;
  if (url && token) return { url: url.replace(/\/+$/, ''), token };
  if (!isRemote)
    throw new ScriptError('The local Worker has never run. Run `npm start`.', { code: 'worker_unreachable' });
  const missing = url
    ? 'OPERATOR_TOKEN is not set. Set it in the environment to the token of the Worker.'
    : 'wrangler.toml has no PUBLIC_URL under [vars] of this environment.';
  throw new ScriptError(missing, { code: 'usage' });
}

function refusal(url: string, status: number, body: unknown): ScriptError {
  const refused = errorSchema.safeParse(body);
  if (!refused.success) return new ScriptError(`The Worker at ${url} answered ${status}.`, { code: 'worker_refused' });
  const { code, details, message: first } = refused.data.error;
  const message = details?.map((one) => one.message).join(' ') ?? first;
  const hint = status === 404 ? ' If the id is right, OPERATOR_TOKEN is not the token of this Worker.' : '';
  return new ScriptError(`The Worker answered: ${message}${hint}`, { code });
}
