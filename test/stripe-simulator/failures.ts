export type FailureType = 'api_error' | 'idempotency_error' | 'invalid_request_error';

interface FailureDetails {
  status?: number;
  type?: FailureType;
  code?: string;
  param?: string;
  /** True if the endpoint had begun its work: the answer is then stored under the idempotency key. */
  executed?: boolean;
}

/** An answer in Stripe's error shape (docs.stripe.com/api/errors). */
export class StripeFailure extends Error {
  override readonly name = 'StripeFailure';
  readonly status: number;
  readonly executed: boolean;
  readonly error: { code?: string; doc_url?: string; message: string; param?: string; type: FailureType };

  constructor(message: string, details: FailureDetails = {}) {
    super(message);
    this.status = details.status ?? 400;
    this.executed = details.executed ?? false;
    this.error = {
      ...(details.code === undefined
        ? {}
        : { code: details.code, doc_url: `https://stripe.com/docs/error-codes/${details.code.replaceAll('_', '-')}` }),
      message,
      ...(details.param === undefined ? {} : { param: details.param }),
      type: details.type ?? 'invalid_request_error',
    };
  }

  /** The JSON text of the answer. */
  body(requestId: string): string {
    const error = { ...this.error, request_log_url: `https://dashboard.stripe.com/logs/${requestId}` };
    return JSON.stringify({ error }, null, 2);
  }
}

/** Thrown by `fetch` if a fault drops the connection. The server then destroys the socket. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
}

/** 404 for an id that does not exist in this account and mode. */
export function noSuch(kind: string, id: string, param = 'id'): StripeFailure {
  return new StripeFailure(`No such ${kind}: '${id}'`, { status: 404, code: 'resource_missing', param });
}
