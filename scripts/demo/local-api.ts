import * as z from 'zod';
import { StepFailure } from './steps.ts';

const TIMEOUT_MS = 8_000;

/** Makes one HTTP call to a local copy and returns its body. Throws StepFailure if the status is not `expected`, or if the body does not match the schema. */
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
