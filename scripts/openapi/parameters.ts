import type { RouteDescription } from '../../src/http/api/route-description.ts';
import { type Json, jsonSchema, queryMembers, reference } from './schema.ts';

/** The query parameters of every list: name and component. */
const LIST_PARAMETERS = { limit: 'Limit', offset: 'Offset', cursor: 'Cursor' };

const VISIBLE_ASCII = '^[!-~]+$';

/** `components.parameters` of the document. */
export const PARAMETER_COMPONENTS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      '1 to 255 visible ASCII characters, for example a UUID. For 24 hours, the same key with the same body gets the same answer, with the header `Idempotent-Replayed: true`, and nothing happens twice. The answer is as it was the first time: that of a Checkout session which has expired since still has its `url`, but nobody can pay there. Its `expires_at` shows that. So use one key for each attempt to pay, not one for each order. The same key with another body is answered with 409 `idempotency_key_conflict`. If a request was refused without any effect, you can use its key again. A key counts for one path of your workspace.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: VISIBLE_ASCII },
    example: '11111111-2222-3333-4444-555555555555',
  },
  Limit: {
    name: 'limit',
    in: 'query',
    description: 'How many items a page has at most.',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  },
  Offset: {
    name: 'offset',
    in: 'query',
    description: 'How many items to leave out before the page. To read a long list, use `cursor`.',
    schema: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
  },
  // Without an example: no cursor is valid in all lists, and the example would be sent beside `offset`.
  Cursor: {
    name: 'cursor',
    in: 'query',
    description:
      'The `next_cursor` of the page before. Use it instead of `offset`: it is as fast on the last page as on the first.',
    schema: { type: 'string', minLength: 1 },
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description:
      'Your id of the request: up to 128 visible ASCII characters. The answer has it as `Softsolz-Request-Id`. Any other text is replaced by a new id.',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: VISIBLE_ASCII },
    example: 'order-1042-attempt-1',
  },
};

/** Every route that creates or changes something takes an `Idempotency-Key`; a DELETE may be repeated without one. */
export function takesIdempotencyKey({ method }: RouteDescription): boolean {
  return method === 'post' || method === 'patch';
}

/** The parameters of a route: in the path, in headers and in the query. */
export function parametersOf(route: RouteDescription): Json[] {
  return [
    ...(route.id ? [pathParameter(route.id)] : []),
    ...(takesIdempotencyKey(route) ? [reference('IdempotencyKey', 'parameters')] : []),
    ...(route.query ? queryParameters(route.query) : []),
    reference('RequestId', 'parameters'),
  ];
}

function pathParameter({ description, example }: NonNullable<RouteDescription['id']>): Json {
  const schema = typeof example === 'string' ? { type: 'string' } : { type: 'integer', format: 'int64', minimum: 1 };
  return { name: 'id', in: 'path', required: true, description, schema, example };
}

/** Examples of filters, by their names. */
const FILTER_EXAMPLES: Readonly<Record<string, string | number>> = {
  status: 'succeeded',
  payment_link: 'lnk_08f3c2a1b9dk4e6f7a0bc',
  reference: '1042',
  customer_email: 'buyer@example.com',
  type: 'payments.payment.succeeded',
  payment_id: 8123,
  created_after: '2026-05-01T00:00:00Z',
  created_before: '2026-06-01T00:00:00Z',
};

/** The filters of a list, then the parameters of all lists. */
function queryParameters(query: NonNullable<RouteDescription['query']>): Json[] {
  const filters = queryMembers(query)
    .filter(([name]) => !(name in LIST_PARAMETERS))
    .map(([name, member]) => {
      const { description, ...schema } = jsonSchema(member, 'input');
      return { name, in: 'query', description, schema, example: FILTER_EXAMPLES[name] };
    });
  return [...filters, ...Object.values(LIST_PARAMETERS).map((name) => reference(name, 'parameters'))];
}
