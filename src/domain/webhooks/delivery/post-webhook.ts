import { parseRetryAfter } from '../../../core/schedules.ts';

const TIMEOUT_MS = 10_000;
/** Of an endpoint's answer we keep the first 8 KB; the rest is never read, */
const KEPT_BYTES = 8 * 1024;
/** nor is what comes this much after the status line. */
const BODY_MS = 1_000;

/** How one HTTP try ended. `statusCode` null: no answer, and `error` says why. */
export interface PostResult {
  readonly statusCode: number | null;
  readonly error: string | null;
  /** True where the whole time passed without a status line. */
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly responseBody: string;
  readonly retryAfterSeconds: number | null;
}

/** One signed POST. Follows no redirect, reads at most 8 KB and one second of the answer's body, and ends after 10 s. Never throws. */
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
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'SoftSolz-Webhooks/1', ...headers },
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

/** Any 2xx. */
export function isDelivered({ statusCode }: PostResult): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}

/** 410: the endpoint wants nothing more. */
export function isGone({ statusCode }: PostResult): boolean {
  return statusCode === 410;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function describe(error: unknown): string {
  if (isTimeout(error)) return 'timeout: no complete answer within 10 seconds';
  return error instanceof Error ? `connection failed: ${error.message}` : 'connection failed';
}

/** The status line decides; a body that stalls or never ends is cut off, not waited for. */
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
    // The answer broke off after its status line: what came is kept.
  } finally {
    clearTimeout(timer);
    // Not waited for: a body that stalls may hold this up as well.
    reader.cancel().catch(() => undefined);
  }
  return new TextDecoder().decode(kept.subarray(0, length));
}
