import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OPENAPI } from '../support/documented.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const API = '/api/v1/services/payments';
const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  schema: z.looseObject({
    type: z.string(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    enum: z.array(z.string()).optional(),
  }),
});
type Schema = z.output<typeof parameter>['schema'];

/** Every query parameter of every list. */
const LISTS = OPENAPI.members('', 'paths').filter(([path]) => path.startsWith(API));
const PARAMETERS = LISTS.flatMap(([path, item]) =>
  OPENAPI.members(item.pointer, 'get', 'parameters')
    .map(([, { pointer, value }]) => ({ ...parameter.parse(value), pointer: `${pointer}/schema` }))
    .filter(({ in: place }) => place === 'query')
    .map((found) => ({ ...found, list: path.slice(API.length) })),
);

/** Texts to try: of each type, and on both sides of each limit. */
function textsFor({ minimum, maximum, enum: values = [] }: Schema): string[] {
  const numbers = [minimum, maximum].flatMap((limit) => (limit === undefined ? [] : [limit - 1, limit, limit + 1]));
  return ['text', '5', '-1', '1.5', '2026-05-19T18:04:11Z', '2026-05-19', ...numbers.map(String), ...values];
}

/** The value that a text in a query stands for. */
function valueIn(text: string, { type }: Schema): string | number {
  return type === 'integer' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

describe('The query parameters that the OpenAPI document describes', () => {
  let shop: TestWorkspace;
  let endpoint: string;
  beforeAll(async () => {
    shop = await newWorkspace({ scopes: ['service.payments.*', 'service.payments.keys.write'] });
    endpoint = (await addEndpointRow(shop)).id;
  });

  it('are those of all lists', () => {
    expect(new Set(PARAMETERS.map(({ list }) => list)).size).toBe(6);
    expect(PARAMETERS.filter(({ name }) => name === 'offset')).toHaveLength(6);
  });

  // Whether a text is a cursor of this list, no schema can tell.
  const described = PARAMETERS.filter(({ name }) => name !== 'cursor');

  it.each(described)('are taken with the same values, and refused with the same: $list $name', async (tried) => {
    const path = tried.list.replace('{id}', endpoint);
    const disputed: string[] = [];
    for (const text of textsFor(tried.schema)) {
      const response = await call(shop.key, 'GET', `${path}?${tried.name}=${encodeURIComponent(text)}`);
      await response.body?.cancel();
      const faults = await OPENAPI.faultsOf(tried.pointer, valueIn(text, tried.schema), 'open');
      if ((faults.length === 0) !== (response.status === 200)) disputed.push(text);
    }
    expect(disputed).toEqual([]);
  });
});
