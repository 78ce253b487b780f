/**
 * Every error code of the API with its HTTP status: the only place that knows statuses.
 * Sources: the published error tables and the rulings in the OpenAPI document. A new error is one line here.
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
  idempotency_key_conflict: 409,
  idempotency_key_in_use: 409,
  payment_link_inactive: 409,
  payment_link_sold_out: 409,
  checkout_session_not_open: 409,
  payment_not_refundable: 409,
  rotation_in_progress: 409,
  webhook_endpoint_disabled: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_exceeded: 429,
  internal_error: 500,
  stripe_error: 502,
  service_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;
export type ErrorStatus = (typeof STATUS)[ErrorCode];

export const ERROR_CODES = Object.keys(STATUS).filter((code): code is ErrorCode => Object.hasOwn(STATUS, code));

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): ErrorStatus {
  return STATUS[code];
}

/** One fault of a request: `path` names the member (`metadata.order_id`), `code` the kind, `message` what was expected. */
export interface ErrorDetail {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The faults that name the whole answer, first match first; all others are `validation_failed`. */
const CODE_PRECEDENCE = ['invalid_amount', 'invalid_currency', 'invalid_url'] as const;

/** An answer other than 2xx. `message` names the field and what was expected; it never carries a secret, SQL or a stack. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { details?: readonly ErrorDetail[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'ApiError';
    this.code = code;
    this.details = extra.details ?? [];
    this.headers = extra.headers ?? {};
  }

  get status(): ErrorStatus {
    return statusOf(this.code);
  }

  /** True where the request may have had an effect at Stripe or in the database: its idempotency key stays bound. */
  get outcomeUnknown(): boolean {
    return this.code === 'internal_error' || this.code === 'service_unavailable';
  }
}

/** A body of thousands of faults is answered with the first of them, and a name of thousands of characters with its start. */
const SHOWN_FAULTS = 50;
const SHOWN_CHARACTERS = 500;

/** One answer for all faults of a request, the first 50 if there are more. Throws RangeError for an empty list. */
export function faultsError(faults: readonly ErrorDetail[]): ApiError {
  const leading = CODE_PRECEDENCE.map((code) => faults.find((fault) => fault.code === code)).find(Boolean) ?? faults[0];
  if (!leading) throw new RangeError('faultsError needs at least one fault');
  const shown = faults.length > SHOWN_FAULTS ? [leading, ...faults.filter((fault) => fault !== leading)] : faults;
  const details = shown
    .slice(0, SHOWN_FAULTS)
    .map(({ path, code, message }) => ({ path: shortened(path), code, message: shortened(message) }));
  return new ApiError(leading.code, shortened(leading.message), { details });
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1).toWellFormed()}…` : text;
}

/** 503 with `Retry-After`: nothing is lost, the same request may be sent again. */
export function unavailable(message: string, cause?: unknown, retryAfterSeconds = 5): ApiError {
  return new ApiError('service_unavailable', message, {
    cause,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}
