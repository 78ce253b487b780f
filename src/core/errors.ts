/**
 * Every error code of the API with its HTTP status. No other code knows statuses; a new error is one line here.
 * Sources: the published error tables and the rulings in the OpenAPI document.
 */
const STATUS = {
  invalid_amount: 400,
  invalid_currency: 400,
  invalid_url: 400,
  validation_failed: 400,
  missing_authorization: 401,
  invalid_api_key: 401,
  invalid_embed_token: 401,
  service_inactive: 402,
  insufficient_scope: 403,
  origin_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  CONNECT_ACCOUNT_MISSING: 409,
  CONNECT_ACCOUNT_NOT_READY: 409,
  account_ready: 409,
  idempotency_key_conflict: 409,
  idempotency_key_in_use: 409,
  payment_link_inactive: 409,
  payment_link_sold_out: 409,
  checkout_session_not_open: 409,
  payment_not_refundable: 409,
  rotation_in_progress: 409,
  replay_in_progress: 409,
  webhook_endpoint_disabled: 409,
  limit_reached: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_exceeded: 429,
  internal_error: 500,
  stripe_error: 502,
  service_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;
type ErrorStatus = (typeof STATUS)[ErrorCode];

export const ERROR_CODES = Object.keys(STATUS).filter((code): code is ErrorCode => Object.hasOwn(STATUS, code));

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): ErrorStatus {
  return STATUS[code];
}

/**
 * One fault of an input. `field`: the name of the member in our code, which the API translates to the JSON name; '' for
 * the whole input. `problem`: a sentence without its subject ("must be a positive integer."), or a full sentence where
 * `field` is ''. It writes names of other members in braces: `{amountEditable}`.
 */
export interface Fault {
  readonly field: string;
  readonly code: ErrorCode;
  readonly problem: string;
}

/** An answer other than 2xx. `message` says what was expected and what to do; it never carries a secret, SQL or a stack. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** Every fault of the input. Empty where the error has another cause. */
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { faults?: readonly Fault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'ApiError';
    this.code = code;
    this.faults = extra.faults ?? [];
    this.headers = extra.headers ?? {};
  }

  get status(): ErrorStatus {
    return statusOf(this.code);
  }

  /** True where the request may have had an effect. Then only the same request may use its idempotency key again. */
  get outcomeUnknown(): boolean {
    return this.code === 'internal_error' || this.code === 'service_unavailable';
  }
}

/** Where faults have different codes, the answer has the first of these codes that occurs. */
const CODE_PRECEDENCE = ['invalid_amount', 'invalid_currency', 'invalid_url'] as const;

/** The error for these faults, with the code and message of `leadingFault`. Throws RangeError where there is no fault. */
export function inputError(faults: readonly Fault[]): ApiError {
  const first = leadingFault(faults);
  return new ApiError(first.code, `${first.field} ${first.problem}`.trimStart(), { faults });
}

/** The fault whose code the answer has: a wrong amount, currency or URL before others. Throws RangeError for an empty list. */
export function leadingFault<F extends { readonly code: ErrorCode }>(faults: readonly F[]): F {
  const leading = CODE_PRECEDENCE.map((code) => faults.find((fault) => fault.code === code)).find(Boolean) ?? faults[0];
  if (!leading) throw new RangeError('There is no fault.');
  return leading;
}

/** The error 503 with `Retry-After`: the caller may send the same request again. */
export function unavailable(message: string, cause?: unknown, retryAfterSeconds = 5): ApiError {
  return new ApiError('service_unavailable', message, {
    cause,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}
