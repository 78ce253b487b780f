import * as z from 'zod';
import { StepFailure } from './steps.ts';

const TIMEOUT_MS = 8_000;

/** One HTTP call to a local copy. Throws StepFailure for another status than `expected`, or an answer of another shape. */
export async function call<T>(
  schema: z.ZodType<T>,
  request: {
    readonly method?: 'GET' | 'POST';
    readonly url: string;
    readonly key?: string;
    readonly body?: unknown;
    readonly expected: number;
  },
): Promise<T> {
  const { method = 'GET', url, key, body, expected } = request;
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new StepFailure(`${method} ${url} failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  const text = await response.text();
  if (response.status !== expected) {
    throw new StepFailure(`${method} ${url} answered ${response.status}, not ${expected}: ${text.slice(0, 300)}`);
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new StepFailure(`${method} ${url}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
