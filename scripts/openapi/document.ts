import * as z from 'zod';
import { ERROR_CODES, type ErrorCode, statusOf } from '../../src/core/errors.ts';
import { SCOPES } from '../../src/core/scopes.ts';
import { EVENT_DATA } from '../../src/domain/webhooks/event-schemas.ts';
import { ROUTES, type RouteDescription } from './routes.ts';

const BASE_PATH = '/api/v1/services/payments';

/** What every route may answer, whatever it does. */
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

type Json = Record<string, unknown>;

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return json;
}

function component(schema: z.core.$ZodType): { name: string; json: Json } {
  const json = jsonSchema(schema, 'output');
  return { name: String(json.title), json };
}

function content(schema: Json, example?: unknown): Json {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}

function errorResponses(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), statusOf);
  return Object.fromEntries(
    [...byStatus]
      .sort(([left], [right]) => left - right)
      .map(([status, of]) => [
        String(status),
        {
          description: of.map((code) => `\`${code}\``).join(', '),
          content: content({ $ref: '#/components/schemas/Error' }),
        },
      ]),
  );
}

function parametersOf(route: RouteDescription): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: route.id === 'token' ? { type: 'string' } : { type: 'integer', minimum: 1 },
  }));
  return [
    ...inPath,
    ...(route.idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(route.list ? LIST_PARAMETERS.map((name) => ({ $ref: `#/components/parameters/${name}` })) : []),
    { $ref: '#/components/parameters/RequestId' },
  ];
}

function requestBodyOf(route: RouteDescription): Json {
  const [first, ...others] = route.request.map((schema) => jsonSchema(schema, 'input'));
  if (!first)
    return route.optionalBody ? { requestBody: { required: false, content: content({ type: 'object' }) } } : {};
  const schema = others.length === 0 ? first : { anyOf: [first, ...others] };
  return { requestBody: { required: true, content: content(schema, route.requestExample) } };
}

function operation(route: RouteDescription): Json {
  const errors = [
    ...COMMON_ERRORS,
    ...(route.request.length > 0 || route.optionalBody ? BODY_ERRORS : []),
    ...(route.idempotent ? IDEMPOTENCY_ERRORS : []),
    ...route.errors,
  ];
  const answer = component(route.success.schema);
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
        content: content(answerSchema(route, { $ref: `#/components/schemas/${answer.name}` })),
      },
      ...errorResponses(errors),
    },
  };
}

function answerSchema(route: RouteDescription, item: Json): Json {
  if (!route.list) return { type: 'object', required: ['data'], properties: { data: item } };
  return {
    type: 'object',
    required: ['data', 'meta'],
    properties: { data: { type: 'array', items: item }, meta: { $ref: '#/components/schemas/PageMeta' } },
  };
}

const LIST_PARAMETERS = ['Limit', 'Offset', 'Cursor'];

const RATE_HEADERS = {
  'X-RateLimit-Limit': { description: 'Requests a minute that this key allows.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Requests left in this window.', schema: { type: 'integer' } },
  'X-RateLimit-Reset': { description: 'When the window ends, unix seconds.', schema: { type: 'integer' } },
  'Softsolz-Request-Id': { description: 'Name this when you ask about a request.', schema: { type: 'string' } },
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

function webhooks(): Json {
  return Object.fromEntries(
    Object.entries(EVENT_DATA).map(([type, data]) => [
      type,
      {
        post: {
          summary: type,
          description:
            'Verify `Softsolz-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>` with the whole secret string as key; refuse a `t` more than 300 s off. Any 2xx within 10 seconds counts as delivered; everything else is retried for up to 24 hours. The same event may arrive more than once, with the same id.',
          security: [],
          requestBody: {
            required: true,
            content: content({
              type: 'object',
              required: ['id', 'type', 'created_at', 'tenant_id', 'data'],
              properties: {
                id: { type: 'string', description: 'Stable: the same for every attempt.' },
                type: { const: type },
                created_at: { type: 'string', format: 'date-time' },
                tenant_id: { type: 'string', format: 'uuid' },
                data: { $ref: `#/components/schemas/${component(data).name}` },
              },
            }),
          },
          responses: { '2XX': { description: 'Delivered.' } },
        },
      },
    ]),
  );
}

function schemas(): Json {
  const named = [...ROUTES.map((route) => route.success.schema), ...Object.values(EVENT_DATA)].map(component);
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
      message: { type: 'string', description: 'Names the field and what was expected.' },
      details: { type: 'array', description: 'All faults of the request.', items: detail },
    },
  };
  return {
    ...Object.fromEntries(named.map(({ name, json }) => [name, json])),
    Error: { type: 'object', required: ['error'], properties: { error } },
    PageMeta: {
      type: 'object',
      required: ['limit', 'offset', 'has_more', 'next_cursor'],
      properties: {
        limit: { type: 'integer' },
        offset: { type: 'integer' },
        has_more: { type: 'boolean', description: 'false: this is the last page.' },
        next_cursor: { type: ['string', 'null'], description: 'null at the end.' },
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
        'Get paid by your customers from any page. Call it from your server with a secret key: a request with an `Origin` header is refused. `sk_test_` keys work on your sandbox, `sk_live_` keys on your live workspace, at the same URL.',
    },
    servers: [{ url: '/' }],
    paths: paths(),
    webhooks: webhooks(),
    components: {
      securitySchemes: {
        secretKey: {
          type: 'http',
          scheme: 'bearer',
          description: `A secret key, sk_live_ or sk_test_. Scopes: ${SCOPES.join(', ')}. \`service.payments.*\` grants all but \`service.payments.keys.write\`.`,
        },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description:
            '1 to 255 visible ASCII characters. The same key with the same body gets the same answer for 24 hours, with `Idempotent-Replayed: true`.',
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
          description: 'The `next_cursor` of the page before, in place of `offset`.',
          schema: { type: 'string' },
        },
        RequestId: {
          name: 'X-Request-Id',
          in: 'header',
          description: 'Up to 128 visible ASCII characters, echoed as `Softsolz-Request-Id`.',
          schema: { type: 'string', maxLength: 128 },
        },
      },
      schemas: schemas(),
    },
  };
}
