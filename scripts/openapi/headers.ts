import { type Json, reference } from './schema.ts';

const integer = { type: 'integer', minimum: 0 };

/** The headers of answers, by the name of their component. `required`: each answer that names the component has it. */
const HEADERS = {
  RequestId: {
    name: 'Softsolz-Request-Id',
    required: true,
    description:
      'The id of this request: your `X-Request-Id`, or a new one. Name it when you ask us about the request.',
    schema: { type: 'string', maxLength: 128 },
    example: 'order-1042-attempt-1',
  },
  RateLimitLimit: {
    name: 'X-RateLimit-Limit',
    required: true,
    description: 'How many requests a minute this key may send.',
    schema: integer,
    example: 60,
  },
  RateLimitRemaining: {
    name: 'X-RateLimit-Remaining',
    required: true,
    description: 'How many requests are left in the current minute.',
    schema: integer,
    example: 59,
  },
  RateLimitReset: {
    name: 'X-RateLimit-Reset',
    required: true,
    description: 'When the current minute ends, in unix seconds.',
    schema: integer,
    example: 1779213851,
  },
  RetryAfter: {
    name: 'Retry-After',
    required: true,
    description: 'After how many seconds you can send the same request again.',
    schema: { type: 'integer', minimum: 1 },
    example: 5,
  },
  IdempotentReplayed: {
    name: 'Idempotent-Replayed',
    required: false,
    description:
      'Only where the request takes an `Idempotency-Key`: this is the answer of an earlier request with the same key and the same body.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
  WwwAuthenticate: {
    name: 'WWW-Authenticate',
    required: true,
    description: 'The scheme of the `Authorization` header.',
    schema: { type: 'string', const: 'Bearer' },
    example: 'Bearer',
  },
  Allow: {
    name: 'Allow',
    required: true,
    description: 'The methods of this path.',
    schema: { type: 'string' },
    example: 'GET, POST',
  },
} as const;

export type HeaderComponent = keyof typeof HEADERS;

const RATE: readonly HeaderComponent[] = ['RateLimitLimit', 'RateLimitRemaining', 'RateLimitReset'];

/** `components.headers` of the document. */
export function headerComponents(): Json {
  return Object.fromEntries(Object.entries(HEADERS).map(([component, { name: _, ...header }]) => [component, header]));
}

/** Headers that every such answer has, by their names: references to their components. */
export function headers(components: readonly HeaderComponent[]): Json {
  return Object.fromEntries(components.map((component) => [HEADERS[component].name, reference(component, 'headers')]));
}

/** The same headers where some of these answers lack them. */
function optionalHeaders(components: readonly HeaderComponent[]): Json {
  return Object.fromEntries(
    components.map((component) => {
      const { name, required: _, description, ...header } = HEADERS[component];
      return [name, { ...header, description: `${description} Not on every answer with this status.` }];
    }),
  );
}

/** The headers of an answer that succeeds. `isRepeatable`: the route takes an `Idempotency-Key`. */
export function successHeaders(isRepeatable: boolean): Json {
  return headers(['RequestId', ...RATE, ...(isRepeatable ? (['IdempotentReplayed'] as const) : [])]);
}

/** Statuses of requests that are refused before they are counted. */
const NEVER_COUNTED = [401, 402, 405];
/** Statuses of requests that can be refused before or after they are counted. */
const SOMETIMES_COUNTED = [403, 500, 503];
/** Statuses with which a request can end that has begun to use its `Idempotency-Key`. */
const REPEATED = [400, 404, 409, 500, 502, 503];

/** The headers of an error answer with this status. */
export function errorHeaders(status: number): Json {
  const rate = SOMETIMES_COUNTED.includes(status) ? optionalHeaders(RATE) : headers(RATE);
  return {
    ...headers(['RequestId']),
    ...(NEVER_COUNTED.includes(status) ? {} : rate),
    ...(status === 401 ? headers(['WwwAuthenticate']) : {}),
    ...(status === 405 ? headers(['Allow']) : {}),
    ...(status === 429 ? headers(['RetryAfter']) : {}),
    ...(status === 409 || status === 503 ? optionalHeaders(['RetryAfter']) : {}),
    ...(REPEATED.includes(status) ? headers(['IdempotentReplayed']) : {}),
  };
}
