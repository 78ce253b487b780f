import { env } from 'cloudflare:workers';
import * as z from 'zod';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { type Shop, sampleIds, timeOf } from './history.ts';

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(
          z.looseObject({ name: z.string().optional(), in: z.string().optional(), $ref: z.string().optional() }),
        ),
      }),
    ),
  ),
});

interface ListRoute {
  readonly path: string;
  readonly filters: readonly string[];
}

/** Every GET in the OpenAPI document that answers with pages, and the names of its filters. */
export function listRoutes(): ListRoute[] {
  const { paths } = documentSchema.parse(JSON.parse(env.TEST_OPENAPI));
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const isList = get?.parameters.some(({ $ref }) => $ref?.endsWith('/Cursor'));
    if (!get || !isList) return [];
    const filters = get.parameters.flatMap((parameter) => (parameter.in === 'query' ? (parameter.name ?? []) : []));
    return [{ path: path.replace('/api/v1/services/payments', ''), filters }];
  });
}

interface FilterValues {
  /** Match many rows. They are asked for in every combination with those of other filters. */
  readonly combined: readonly string[];
  /** Asked for by themselves. */
  readonly alone?: readonly string[];
}

/** The values of each filter, by the last word of its route and its name, or by its name. */
function valuesOf(shop: Shop): Readonly<Record<string, FilterValues>> {
  const time = (number: number) => toRfc3339(timeOf(shop, number));
  return {
    'payments status': { combined: ['failed', 'refunded'], alone: ['processing', 'succeeded', 'partially_refunded'] },
    'payments payment_link': { combined: [shop.hotLink.token] },
    'payments reference': { combined: ['season'], alone: ['order-240', 'none'] },
    'payments customer_email': { combined: ['desk@example.com'], alone: ['buyer1@example.com', 'none@example.com'] },
    'events type': {
      combined: ['payments.payment.succeeded', 'payments.payment.failed'],
      alone: ['webhook.ping'],
    },
    'events payment_id': { combined: [String(sampleIds(shop).payment)] },
    'deliveries status': { combined: ['pending', 'succeeded', 'failed'] },
    created_after: { combined: [time(150)], alone: [time(20)] },
    created_before: { combined: [time(100)] },
  };
}

type Query = readonly (readonly [string, string])[];

/** The queries to ask of a list. Throws where a filter has no values here. */
export function queriesOf({ path, filters }: ListRoute, shop: Shop): string[] {
  const known = valuesOf(shop);
  const resource = path.split('/').at(-1);
  const alone: Query[] = [];
  // Short pages, which also rare payments fill.
  let combined: Query[] = [[['limit', '2']]];
  for (const filter of filters) {
    const values = known[`${resource} ${filter}`] ?? known[filter];
    if (!values) throw new Error(`${path} has the filter ${filter}: add values for it`);
    combined = combined.flatMap((query) => [
      query,
      ...values.combined.map((value): Query => [...query, [filter, value]]),
    ]);
    alone.push(
      ...(values.alone ?? []).map(
        (value): Query => [
          ['limit', '2'],
          [filter, value],
        ],
      ),
    );
  }
  return [...combined, ...alone].map((query) =>
    new URLSearchParams(query.map(([name, value]) => [name, value])).toString(),
  );
}
