import type { ErrorCode } from '../../src/core/errors.ts';
import { type RouteDescription, type Success, successesOf } from '../../src/http/api/route-description.ts';
import { errorResponses } from './errors.ts';
import { headers, successHeaders } from './headers.ts';
import { parametersOf, takesIdempotencyKey } from './parameters.ts';
import { componentsOf, content, type Json, reference } from './schema.ts';

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

/** The Operation Object of a route. */
export function operation(route: RouteDescription): Json {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: `${route.description}\n\nScope: ${route.scopes.map((scope) => `\`${scope}\``).join(' or ')}.`,
    // Alternatives: one of the scopes is enough.
    security: route.scopes.map((scope) => ({ secretKey: [scope] })),
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: {
      ...Object.fromEntries(successesOf(route).map((success) => [success.status, successResponse(route, success)])),
      ...errorResponses(errorsOf(route)),
    },
  };
}

function successResponse(route: RouteDescription, success: Success): Json {
  return {
    description: success.description,
    headers: successHeaders(takesIdempotencyKey(route) && !route.neverStored),
    ...(success.schema === null ? {} : { content: answerContent(route, success, componentsOf(success.schema).name) }),
  };
}

function errorsOf(route: RouteDescription): readonly ErrorCode[] {
  return [
    ...COMMON_ERRORS,
    ...(route.request || route.optionalBody || route.fileTypes ? BODY_ERRORS : []),
    ...(takesIdempotencyKey(route) && !route.neverStored ? IDEMPOTENCY_ERRORS : []),
    ...(route.query ? (['validation_failed'] as const) : []),
    ...(route.id ? (['not_found'] as const) : []),
    ...(route.errors ?? []),
  ];
}

function requestBodyOf(route: RouteDescription): Json {
  if (route.fileTypes) {
    // A media type without a schema is the raw bytes (OpenAPI 3.1.1, 4.8.14.2).
    return { requestBody: { required: true, content: Object.fromEntries(route.fileTypes.map((type) => [type, {}])) } };
  }
  const [first, ...others] = (route.request ?? []).map(({ name }) => reference(name));
  if (!first && !route.optionalBody) return {};
  // A route that needs no body takes any JSON object.
  const schema = first ?? { type: 'object' };
  const body = content(others.length === 0 ? schema : { anyOf: [schema, ...others] }, route.requestExamples);
  return { requestBody: { required: !route.optionalBody, content: body } };
}

function answerContent(route: RouteDescription, { example, description }: Success, name: string): Json {
  const data = reference(name);
  if (!route.query) {
    const schema = { type: 'object', required: ['data'], properties: { data } };
    return content(schema, { answer: { summary: description, value: { data: example } } });
  }
  const meta = { limit: 50, offset: 0, has_more: false, next_cursor: null };
  const schema = {
    type: 'object',
    required: ['data', 'meta'],
    properties: { data: { type: 'array', items: data }, meta: reference('PageMeta') },
  };
  return content(schema, { answer: { summary: description, value: { data: [example], meta } } });
}

/** The Path Item of `/health`, which needs no key. */
export function healthPath(): Json {
  const ok = { type: 'string', const: 'ok' };
  const schema = {
    type: 'object',
    required: ['status'],
    properties: {
      status: { ...ok, description: 'The service runs.' },
      database: { ...ok, description: 'The database answers. Sent with `deep=1` only.' },
    },
  };
  const deep = {
    name: 'deep',
    in: 'query',
    description: '`1`: also asks the database.',
    schema: { type: 'string', enum: ['1'] },
    example: '1',
  };
  const get = {
    operationId: 'getHealth',
    tags: ['Health'],
    summary: 'Check the service',
    description:
      'Answers 200 if the service runs and its configuration is complete, with `deep=1` only if the database answers too. It needs no key.',
    security: [],
    parameters: [deep, reference('RequestId', 'parameters')],
    responses: {
      200: {
        description: 'The service runs.',
        headers: headers(['RequestId']),
        content: content(schema, { answer: { summary: 'The service runs.', value: { status: 'ok' } } }),
      },
      ...errorResponses(['service_unavailable']),
    },
  };
  return { get };
}
