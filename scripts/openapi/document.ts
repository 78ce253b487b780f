import { ERROR_CODES, type ErrorCode, statusOf } from '../../src/core/errors.ts';
import { SCOPES } from '../../src/core/scopes.ts';
import { CHECKOUT_SESSION_ROUTES } from '../../src/http/api/checkout-sessions/openapi.ts';
import { DELIVERY_ROUTES } from '../../src/http/api/deliveries/openapi.ts';
import { EVENT_ROUTES } from '../../src/http/api/events/openapi.ts';
import { PAYMENT_LINK_ROUTES } from '../../src/http/api/payment-links/openapi.ts';
import { PAYMENT_ROUTES } from '../../src/http/api/payments/openapi.ts';
import { PUBLIC_KEY_ROUTES } from '../../src/http/api/public-keys/openapi.ts';
import type { RouteDescription } from '../../src/http/api/route-description.ts';
import { WEBHOOK_ENDPOINT_ROUTES } from '../../src/http/api/webhook-endpoints/openapi.ts';
import { eventComponents, webhooks } from './events.ts';
import { component, content, type Json, jsonSchema, queryMembers, reference } from './schema.ts';

const BASE_PATH = '/api/v1/services/payments';

/** Every route of the server API, in the order of the document. */
export const ROUTES: readonly RouteDescription[] = [
  ...CHECKOUT_SESSION_ROUTES,
  ...PAYMENT_LINK_ROUTES,
  ...PAYMENT_ROUTES,
  ...WEBHOOK_ENDPOINT_ROUTES,
  ...EVENT_ROUTES,
  ...DELIVERY_ROUTES,
  ...PUBLIC_KEY_ROUTES,
];

/** The errors that every route can answer. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'missing_authorization',
  'invalid_api_key',
  'service_inactive',
  'insufficient_scope',
  'rate_limit_exceeded',
  'internal_error',
  'service_unavailable',
];
const BODY_ERRORS: readonly ErrorCode[] = ['validation_failed', 'payload_too_large', 'unsupported_media_type'];
const IDEMPOTENCY_ERRORS: readonly ErrorCode[] = [
  'validation_failed',
  'idempotency_key_conflict',
  'idempotency_key_in_use',
];

function errorResponses(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), statusOf);
  return Object.fromEntries(
    [...byStatus]
      .sort(([left], [right]) => left - right)
      .map(([status, sharing]) => [
        String(status),
        {
          description: sharing.map((code) => `\`${code}\``).join(', '),
          content: content(reference('Error')),
        },
      ]),
  );
}

/** Every route that creates or changes something takes an `Idempotency-Key`; a DELETE may be repeated without one. */
function takesIdempotencyKey({ method }: RouteDescription): boolean {
  return method === 'post' || method === 'patch';
}

function parametersOf(route: RouteDescription): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: route.id === 'token' ? { type: 'string' } : { type: 'integer', format: 'int64', minimum: 1 },
  }));
  return [
    ...inPath,
    ...(takesIdempotencyKey(route) ? [reference('IdempotencyKey', 'parameters')] : []),
    ...(route.query ? queryParameters(route.query) : []),
    reference('RequestId', 'parameters'),
  ];
}

/** The filters of a list, then the parameters of all lists. */
function queryParameters(query: NonNullable<RouteDescription['query']>): Json[] {
  const filters = queryMembers(query)
    .filter(([name]) => !(name in LIST_PARAMETERS))
    .map(([name, member]) => {
      const { description, ...schema } = jsonSchema(member, 'output');
      return { name, in: 'query', description, schema };
    });
  return [...filters, ...Object.values(LIST_PARAMETERS).map((name) => reference(name, 'parameters'))];
}

function requestBodyOf(route: RouteDescription): Json {
  const [first, ...others] = (route.request ?? []).map((schema) => jsonSchema(schema, 'input'));
  if (!first)
    return route.optionalBody ? { requestBody: { required: false, content: content({ type: 'object' }) } } : {};
  const schema = others.length === 0 ? first : { anyOf: [first, ...others] };
  return { requestBody: { required: !route.optionalBody, content: content(schema, route.requestExample) } };
}

function operation(route: RouteDescription): Json {
  const errors = [
    ...COMMON_ERRORS,
    ...(route.request || route.optionalBody ? BODY_ERRORS : []),
    ...(takesIdempotencyKey(route) ? IDEMPOTENCY_ERRORS : []),
    ...(route.query ? (['validation_failed'] as const) : []),
    ...(route.path.includes('{id}') ? (['not_found'] as const) : []),
    ...(route.errors ?? []),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: `${route.description}\n\nScope: ${route.scopes.map((scope) => `\`${scope}\``).join(' or ')}.`,
    security: [{ secretKey: [...route.scopes] }],
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: {
      [route.success.status]: {
        description: route.success.description,
        headers: RATE_HEADERS,
        ...answerContent(route),
      },
      ...errorResponses(errors),
    },
  };
}

function answerContent(route: RouteDescription): Json {
  const { schema } = route.success;
  if (schema === null) return {};
  return { content: content(answerSchema(route, reference(component(schema).name))) };
}

function answerSchema(route: RouteDescription, item: Json): Json {
  if (!route.query) return { type: 'object', required: ['data'], properties: { data: item } };
  return {
    type: 'object',
    required: ['data', 'meta'],
    properties: { data: { type: 'array', items: item }, meta: reference('PageMeta') },
  };
}

/** The query parameters of every list: name and component. */
const LIST_PARAMETERS = { limit: 'Limit', offset: 'Offset', cursor: 'Cursor' };

const RATE_HEADERS = {
  'X-RateLimit-Limit': { description: 'How many requests a minute this key may send.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': {
    description: 'How many requests are left in the current minute.',
    schema: { type: 'integer' },
  },
  'X-RateLimit-Reset': { description: 'When the current minute ends, in unix seconds.', schema: { type: 'integer' } },
  'Softsolz-Request-Id': {
    description: 'The id of this request. Name it when you ask us about the request.',
    schema: { type: 'string' },
  },
};

function paths(): Json {
  const grouped = Map.groupBy(ROUTES, (route) => route.path);
  return Object.fromEntries(
    [...grouped].map(([path, routes]) => [
      `${BASE_PATH}${path}`,
      Object.fromEntries(routes.map((route) => [route.method, operation(route)])),
    ]),
  );
}

function schemas(): Json {
  const named = ROUTES.flatMap((route) => route.success.schema ?? []).map(component);
  const detail = {
    type: 'object',
    required: ['path', 'code', 'message'],
    properties: { path: { type: 'string' }, code: { enum: ERROR_CODES }, message: { type: 'string' } },
  };
  const error = {
    type: 'object',
    required: ['code', 'message'],
    properties: {
      code: { enum: ERROR_CODES },
      message: { type: 'string', description: 'Names the field and what is expected.' },
      details: {
        type: 'array',
        description: 'All faults of the request, up to 50.',
        maxItems: 50,
        items: detail,
      },
    },
  };
  return {
    ...Object.fromEntries(named.map(({ name, json }) => [name, json])),
    ...eventComponents(),
    Error: { type: 'object', required: ['error'], properties: { error } },
    PageMeta: {
      type: 'object',
      required: ['limit', 'offset', 'has_more', 'next_cursor'],
      properties: {
        limit: { type: 'integer' },
        offset: { type: 'integer' },
        has_more: { type: 'boolean', description: '`false` on the last page.' },
        next_cursor: {
          type: ['string', 'null'],
          description: 'Send it as `cursor` to get the next page. `null` on the last page.',
        },
      },
    },
  };
}

/** The OpenAPI 3.1 document of the server API and its webhooks, from the schemas that the Worker validates with. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'SoftSolz Payments API',
      version: '1',
      description:
        'Take payments with Checkout sessions, payment links and a widget. Call the API from your server with a secret key: a request with an `Origin` header is refused. An `sk_test_` key works on your sandbox workspace, an `sk_live_` key on your live workspace. The URL is the same.',
    },
    servers: [{ url: '/' }],
    paths: paths(),
    webhooks: webhooks(),
    components: {
      securitySchemes: {
        secretKey: {
          type: 'http',
          scheme: 'bearer',
          description: `A secret key: sk_live_… or sk_test_…. Scopes: ${SCOPES.join(', ')}. \`service.payments.*\` includes all of them except \`service.payments.keys.write\`.`,
        },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description:
            '1 to 255 visible ASCII characters. For 24 hours, the same key with the same body gets the same answer, with the header `Idempotent-Replayed: true`.',
          schema: { type: 'string', minLength: 1, maxLength: 255 },
        },
        Limit: {
          name: 'limit',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
        },
        Offset: { name: 'offset', in: 'query', schema: { type: 'integer', minimum: 0, default: 0 } },
        Cursor: {
          name: 'cursor',
          in: 'query',
          description: 'The `next_cursor` of the page before. Use it instead of `offset`.',
          schema: { type: 'string' },
        },
        RequestId: {
          name: 'X-Request-Id',
          in: 'header',
          description: 'Up to 128 visible ASCII characters. The answer has it as `Softsolz-Request-Id`.',
          schema: { type: 'string', maxLength: 128 },
        },
      },
      schemas: schemas(),
    },
  };
}
