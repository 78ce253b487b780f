import type { StripeFailure } from './failures.ts';
import { decodeForm, type FormTree } from './form-encoding.ts';
import { decodeJson } from './json-encoding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What differs between Stripe's APIs `/v1` and `/v2` for every request (docs.stripe.com/api-v2-overview). */
export interface Namespace {
  decodeBody(text: string): FormTree;
  /** The JSON text of an error. */
  errorBody(failure: StripeFailure, requestId: string): string;
  /** True: a failure is stored under its idempotency key. False: a failed request is executed again. */
  readonly storesFailures: boolean;
  /** How long an answer is stored under its idempotency key. */
  readonly storedMs: number;
  readonly requiresVersion: boolean;
}

const V1: Namespace = {
  decodeBody: decodeForm,
  errorBody: (failure, requestId) => failure.body(requestId),
  storesFailures: true,
  storedMs: DAY_MS,
  requiresVersion: false,
};

const V2: Namespace = {
  decodeBody: decodeJson,
  errorBody: (failure) => JSON.stringify({ error: v2Error(failure) }, null, 2),
  storesFailures: false,
  storedMs: 30 * DAY_MS,
  requiresVersion: true,
};

export function namespaceOf(path: string): Namespace {
  return path.startsWith('/v2/') ? V2 : V1;
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_fields',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limit_exceeded',
};

/** Errors of `/v2` have a code and a message. The SDK tells an idempotency error by its type. */
function v2Error({ error, status, message }: StripeFailure): object {
  if (error.type === 'idempotency_error') return { type: error.type, code: error.type, message };
  return { code: error.code ?? CODES[status] ?? 'internal_error', message };
}
