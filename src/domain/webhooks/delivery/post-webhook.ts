import { parseRetryAfter } from '../../../core/schedules.ts';
import { ATTEMPT_ERRORS } from '../stored-texts.ts';

const TIMEOUT_MS = 10_000;
/** How many bytes of an endpoint's answer are read and stored. */
const KEPT_BYTES = 8 * 1024;
/** How long (ms) the answer's body is read after the status line. */
const BODY_MS = 1_000;
/** Longer (ms) than any request takes, with the start of its answer's body. */
export const LONGEST_POST_MS = TIMEOUT_MS + BODY_MS;

/** The headers of every webhook, besides those of its signature. */
export const WEBHOOK_HEADERS = { 'Content-Type': 'application/json', 'User-Agent': 'SoftSolz-Webhooks/1' } as const;

/** The result of one HTTP request to an endpoint. `statusCode` null: there was no answer, and `error` says why. */
export interface PostResult {
  readonly statusCode: number | null;
  readonly error: string | null;
  /** True where no status line came within 10 seconds. */
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly responseBody: string;
  readonly retryAfterSeconds: number | null;
}

/**
 * Sends one signed POST. Follows no redirect, waits at most 10 seconds for the status line, and reads the answer's body
 * for at most one second and 8 KB. Never throws.
 */
export async function postWebhook(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  now: () => number,
): Promise<PostResult> {
  const startedAt = now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...WEBHOOK_HEADERS, ...headers },
      body,
    });
    const statusCode = response.status;
    const retryAfterSeconds = parseRetryAfter(response.headers.get('Retry-After'), now());
    const responseBody = await readStart(response);
    const durationMs = now() - startedAt;
    return { statusCode, error: null, timedOut: false, durationMs, responseBody, retryAfterSeconds };
  } catch (error) {
    return {
      statusCode: null,
      error: describe(error),
      timedOut: isTimeout(error),
      durationMs: now() - startedAt,
      responseBody: '',
      retryAfterSeconds: null,
    };
  }
}

/** True if the endpoint answered with any 2xx status. */
export function isDelivered({ statusCode }: PostResult): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}

/** True if the endpoint answered 410 Gone, so it wants no more events. */
export function isGone({ statusCode }: PostResult): boolean {
  return statusCode === 410;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function describe(error: unknown): string {
  if (isTimeout(error)) return `${ATTEMPT_ERRORS.timeout}: no complete answer within 10 seconds`;
  return error instanceof Error ? `${ATTEMPT_ERRORS.failed}: ${error.message}` : ATTEMPT_ERRORS.failed;
}

/** Reads the start of the answer's body. A body that comes slowly, breaks off or never ends is cut off. */
async function readStart(response: Response): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const kept = new Uint8Array(KEPT_BYTES);
  let length = 0;
  const { promise: over, resolve } = Promise.withResolvers<{ done: true; value: undefined }>();
  const timer = setTimeout(() => resolve({ done: true, value: undefined }), BODY_MS);
  try {
    while (length < KEPT_BYTES) {
      const { done, value } = await Promise.race([reader.read(), over]);
      if (done) break;
      const part = value.subarray(0, KEPT_BYTES - length);
      kept.set(part, length);
      length += part.length;
    }
  } catch {
    // The connection broke after the status line. The bytes that came before are kept.
  } finally {
    clearTimeout(timer);
    // Not awaited, because cancelling may take as long as the body itself.
    reader.cancel().catch(() => undefined);
  }
  return new TextDecoder().decode(kept.subarray(0, length));
}
