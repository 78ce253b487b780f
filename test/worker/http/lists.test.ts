import { beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/api.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const PAGE = ['limit=10', 'offset=0', 'cursor=x'];
const TIMES = ['created_after=2026-05-19T18:04:11Z', 'created_before=2026-05-19T18:04:11Z'];

/** Every list of the API, with a value for each of its parameters. */
const LISTS: readonly [list: string, parameters: readonly string[]][] = [
  ['/payment-links', PAGE],
  ['/public-keys', PAGE],
  ['/webhook-endpoints', PAGE],
  ['/webhook-endpoints/:id/deliveries', [...PAGE, ...TIMES, 'status=failed']],
  ['/events', [...PAGE, ...TIMES, 'type=payment.succeeded', 'payment_id=1']],
  [
    '/payments',
    [...PAGE, ...TIMES, 'status=succeeded', 'payment_link=lnk_1', 'reference=a', 'customer_email=a@example.com'],
  ],
];

describe('A parameter that is sent twice', () => {
  let shop: TestWorkspace;
  let endpoint: string;
  beforeAll(async () => {
    shop = await newWorkspace({ scopes: ['service.payments.*', 'service.payments.keys.write'] });
    endpoint = (await addEndpointRow(shop)).id;
  });

  it.each(LISTS)('is refused by the list %s', async (list, parameters) => {
    const path = list.replace(':id', endpoint);
    expect((await call(shop.key, 'GET', path)).status).toBe(200);
    for (const parameter of parameters) {
      const response = await call(shop.key, 'GET', `${path}?${parameter}&${parameter}`);
      const { details } = await expectError(response, 400, 'validation_failed');
      const [name] = parameter.split('=');
      expect(details).toEqual([{ path: name, code: 'validation_failed', message: `${name} must be sent once.` }]);
    }
  });

  it('is refused where the values differ', async () => {
    await expectError(await call(shop.key, 'GET', '/payment-links?limit=10&limit=20'), 400, 'validation_failed');
  });
});
