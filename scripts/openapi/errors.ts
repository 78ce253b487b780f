import { type ErrorCode, statusOf } from '../../src/core/errors.ts';
import { errorHeaders } from './headers.ts';
import { content, type Json, reference } from './schema.ts';

/** Error codes of the widget's own routes, which are not in the document. */
type WidgetCode = 'invalid_embed_token' | 'origin_not_allowed';
type ApiCode = Exclude<ErrorCode, WidgetCode>;

/** The codes of faults in a request: those of `details`. */
const FAULT_CODES = ['invalid_amount', 'invalid_currency', 'invalid_url', 'validation_failed'] as const;

/** An error code of the server API. `when`: one sentence. `message`: of the example. `path`: of its fault, if it has one. */
interface ErrorText {
  readonly when: string;
  readonly message: string;
  readonly path?: string;
}

const TEXTS: Readonly<Record<ApiCode, ErrorText>> = {
  invalid_amount: {
    when: 'The amount is missing, is not positive, or is not possible in this currency.',
    message: 'amount_cents is required: a positive integer in minor units, for example 4999.',
    path: 'amount_cents',
  },
  invalid_currency: {
    when: 'The currency is not a 3-letter ISO code that Stripe takes.',
    message: 'currency must be a 3-letter ISO 4217 code that Stripe takes, for example "gbp".',
    path: 'currency',
  },
  invalid_url: {
    when: '`success_url` or `cancel_url` is not an absolute http or https URL.',
    message: 'success_url is required: an absolute http or https URL.',
    path: 'success_url',
  },
  validation_failed: {
    when: 'The request has a fault. `details` lists all faults with their members.',
    message: 'description must have at most 250 characters.',
    path: 'description',
  },
  missing_authorization: {
    when: 'There is no `Authorization: Bearer` header.',
    message: 'Send your secret key: Authorization: Bearer sk_...',
  },
  invalid_api_key: {
    when: 'The key is unknown, revoked or malformed, or it is a public key.',
    message: 'This API key is not valid. Send one secret key: Authorization: Bearer sk_...',
  },
  service_inactive: {
    when: 'Your workspace is suspended.',
    message: 'This workspace is suspended. Ask the operators of this service.',
  },
  insufficient_scope: {
    when: 'The key lacks the scope of this request, or the request has an `Origin` header.',
    message: 'This key lacks the scope service.payments.links.write.',
  },
  not_found: {
    when: 'Nothing in your workspace has this id.',
    message: 'No payment link with this id in your workspace.',
  },
  method_not_allowed: {
    when: 'This path does not take this method.',
    message: 'PUT is not possible here. Allowed: GET, POST.',
  },
  CONNECT_ACCOUNT_MISSING: {
    when: 'No Stripe account is connected to your workspace yet.',
    message: 'No Stripe account is connected to this workspace yet. Connect one, then try again.',
  },
  CONNECT_ACCOUNT_NOT_READY: {
    when: 'The connected Stripe account cannot take charges: its onboarding is not complete, access was taken away, or one of its settings refuses the session. Then `message` has the sentence of Stripe.',
    message: 'The connected Stripe account cannot take charges yet. Finish its onboarding at Stripe.',
  },
  account_ready: {
    when: 'The Stripe account takes payments, and Stripe waits for nothing from you: there is nothing to onboard.',
    message: 'Your Stripe account takes payments, and Stripe waits for nothing from you. GET /account shows it.',
  },
  idempotency_key_conflict: {
    when: 'The `Idempotency-Key` was used with a different body.',
    message: 'This Idempotency-Key was used with a different body. Use a new key for a new request.',
  },
  idempotency_key_in_use: {
    when: 'The first request with this `Idempotency-Key` is still running. `Retry-After` says when to try again.',
    message: 'The first request with this Idempotency-Key is still running. Send it again in a few seconds.',
  },
  payment_link_inactive: {
    when: 'The payment link is switched off, or it has expired.',
    message: 'This payment link is switched off and takes no new payments.',
  },
  payment_link_sold_out: {
    when: 'The payment link has taken all its payments, or open sessions hold the places that are left.',
    message: 'This payment link takes no more payments.',
  },
  checkout_session_not_open: {
    when: 'The session is paid, or its payment is on its way.',
    message: 'This checkout session is succeeded. Only an open session can be expired.',
  },
  payment_not_refundable: {
    when: 'The payment did not succeed, nothing is left of it, or Stripe does not refund it.',
    message: 'Nothing is left of this payment: all of it was given back already.',
  },
  rotation_in_progress: {
    when: 'The secret was rotated less than 7 days ago. Send `force: true` to end that rotation.',
    message: 'A rotation is in progress. Send {"force": true} to end it now.',
  },
  replay_in_progress: {
    when: 'The rest of an earlier replay to this webhook endpoint is not queued yet. Up to 5,000 events are queued a minute.',
    message: 'An earlier replay to this webhook endpoint is not all queued yet. Try again later.',
  },
  webhook_endpoint_disabled: {
    when: 'The webhook endpoint is disabled. Enable it first.',
    message: 'This webhook endpoint is disabled. Enable it first.',
  },
  limit_reached: {
    when: 'Your workspace has as many of these as it can have. Remove one first.',
    message: 'A workspace has at most 20 webhook endpoints. Delete one first.',
  },
  payload_too_large: {
    when: 'The body is larger than 64 KB, or a logo is larger than 128 KB.',
    message: 'The body is larger than 64 KB (65536 bytes). Send less.',
  },
  unsupported_media_type: {
    when: 'The body is not sent as `application/json`, or it has a `Content-Encoding`. A logo is not a whole PNG, JPEG or WebP.',
    message: 'Send the body as JSON: Content-Type: application/json.',
  },
  rate_limit_exceeded: {
    when: 'The key has sent too many requests in this minute. `Retry-After` says when to try again.',
    message: 'This key allows 60 requests a minute. Wait 12 seconds.',
  },
  internal_error: {
    when: 'A fault on our side. Send the same request again.',
    message: 'Something went wrong on our side. Send the same request again.',
  },
  stripe_error: {
    when: 'Stripe refused the request for a reason that you cannot change.',
    message: 'Stripe refused this request. Ask the operators of this service.',
  },
  service_unavailable: {
    when: 'This service or Stripe cannot be reached right now. If there is a `Retry-After`, send the same request again.',
    message: 'Stripe cannot be reached right now. Send the same request again in a few seconds.',
  },
};

const CODES = Object.keys(TEXTS).filter(isApiCode);

function isApiCode(code: string): code is ApiCode {
  return Object.hasOwn(TEXTS, code);
}

/** The groups of codes whose answers are the same in many routes, by the name of their component. */
const SHARED: Readonly<Record<string, readonly ApiCode[]>> = {
  ValidationFailed: ['validation_failed'],
  Unauthorized: ['missing_authorization', 'invalid_api_key'],
  ServiceInactive: ['service_inactive'],
  InsufficientScope: ['insufficient_scope'],
  NotFound: ['not_found'],
  MethodNotAllowed: ['method_not_allowed'],
  IdempotencyConflict: ['idempotency_key_conflict', 'idempotency_key_in_use'],
  PayloadTooLarge: ['payload_too_large'],
  UnsupportedMediaType: ['unsupported_media_type'],
  RateLimitExceeded: ['rate_limit_exceeded'],
  InternalError: ['internal_error'],
  StripeError: ['stripe_error'],
  ServiceUnavailable: ['service_unavailable'],
};

/** `components.responses` of the document. */
export function errorResponseComponents(): Json {
  return Object.fromEntries(Object.entries(SHARED).map(([name, codes]) => [name, answerWith(codes)]));
}

/** The error answers of a route, by their status. `codes`: all error codes of the route, in any order and repeated. */
export function errorResponses(codes: readonly ErrorCode[]): Json {
  const distinct = CODES.filter((code) => codes.includes(code));
  const byStatus = [...Map.groupBy(distinct, statusOf)].sort(([left], [right]) => left - right);
  return Object.fromEntries(byStatus.map(([status, sharing]) => [String(status), sharedOrOwn(sharing)]));
}

function sharedOrOwn(codes: readonly ApiCode[]): Json {
  const shared = Object.keys(SHARED).find((name) => SHARED[name]?.join() === codes.join());
  return shared ? reference(shared, 'responses') : answerWith(codes);
}

function answerWith(codes: readonly ApiCode[]): Json {
  const [first] = codes;
  const status = first ? statusOf(first) : 500;
  return {
    description: codes.map((code) => `\`${code}\`: ${TEXTS[code].when}`).join('\n\n'),
    headers: errorHeaders(status),
    content: content(
      reference('ApiError'),
      Object.fromEntries(codes.map((code) => [code, reference(code, 'examples')])),
    ),
  };
}

/** `components.examples` of the document: one error body for each error code. */
export function errorExamples(): Json {
  return Object.fromEntries(
    CODES.map((code) => {
      const { when, message, path } = TEXTS[code];
      const details = path === undefined ? {} : { details: [{ path, code, message }] };
      return [code, { summary: when, value: { error: { code, message, ...details } } }];
    }),
  );
}

/** The schemas of the body of every error answer, and of a fault in it. */
export function errorSchemas(): Json {
  const detail = {
    type: 'object',
    required: ['path', 'code', 'message'],
    properties: {
      path: {
        type: 'string',
        description: 'The member, parameter or header: `metadata.order_id`. Empty: the whole body.',
      },
      code: { type: 'string', enum: FAULT_CODES, description: 'The code of this fault.' },
      message: { type: 'string', description: 'Names the member and what is expected.' },
    },
  };
  const error = {
    type: 'object',
    description: 'Why the request failed.',
    required: ['code', 'message'],
    properties: {
      code: { type: 'string', enum: CODES, description: 'For your program. Codes may be added.' },
      message: { type: 'string', description: 'For people. Names the member and what is expected.' },
      details: {
        type: 'array',
        description: 'All faults of the request, up to 50. Not sent if the error is not about the request.',
        minItems: 1,
        maxItems: 50,
        items: reference('ErrorDetail'),
      },
    },
  };
  return { ApiError: { type: 'object', required: ['error'], properties: { error } }, ErrorDetail: detail };
}
