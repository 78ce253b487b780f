import { ACCOUNT_ROUTES } from '../../src/http/api/account/openapi.ts';
import { CHECKOUT_SESSION_ROUTES } from '../../src/http/api/checkout-sessions/openapi.ts';
import { DELIVERY_ROUTES } from '../../src/http/api/deliveries/openapi.ts';
import { EVENT_ROUTES } from '../../src/http/api/events/openapi.ts';
import { PAYMENT_LINK_ROUTES } from '../../src/http/api/payment-links/openapi.ts';
import { PAYMENT_ROUTES } from '../../src/http/api/payments/openapi.ts';
import { PROFILE_ROUTES } from '../../src/http/api/profile/openapi.ts';
import { PUBLIC_KEY_ROUTES } from '../../src/http/api/public-keys/openapi.ts';
import { type RouteDescription, successesOf } from '../../src/http/api/route-description.ts';
import { WEBHOOK_ENDPOINT_ROUTES } from '../../src/http/api/webhook-endpoints/openapi.ts';
import { errorExamples, errorResponseComponents, errorSchemas } from './errors.ts';
import { DELIVERY_PARAMETERS, eventComponents, webhooks } from './events.ts';
import { headerComponents } from './headers.ts';
import { INFO, SECURITY_SCHEMES, SERVERS, TAGS } from './info.ts';
import { healthPath, operation } from './operation.ts';
import { PARAMETER_COMPONENTS } from './parameters.ts';
import { componentsOf, type Json, jsonSchema } from './schema.ts';

const BASE_PATH = '/api/v1/services/payments';

/** Every route of the server API, in the order of the document. */
export const ROUTES: readonly RouteDescription[] = [
  ...CHECKOUT_SESSION_ROUTES,
  ...PAYMENT_LINK_ROUTES,
  ...PAYMENT_ROUTES,
  ...WEBHOOK_ENDPOINT_ROUTES,
  ...DELIVERY_ROUTES,
  ...EVENT_ROUTES,
  ...PUBLIC_KEY_ROUTES,
  ...PROFILE_ROUTES,
  ...ACCOUNT_ROUTES,
];

function paths(): Json {
  const grouped = Map.groupBy(ROUTES, (route) => route.path);
  const ofApi = [...grouped].map(([path, routes]) => [
    `${BASE_PATH}${path}`,
    Object.fromEntries(routes.map((route) => [route.method, operation(route)])),
  ]);
  return { ...Object.fromEntries(ofApi), '/health': healthPath() };
}

function schemas(): Json {
  const requests = ROUTES.flatMap((route) => route.request ?? []);
  const answers = ROUTES.flatMap(successesOf)
    .flatMap(({ schema }) => schema ?? [])
    .map(componentsOf);
  return {
    ...Object.fromEntries(requests.map(({ name, schema }) => [name, jsonSchema(schema, 'input')])),
    ...Object.assign({}, ...answers.map(({ schemas }) => schemas)),
    ...eventComponents(),
    ...errorSchemas(),
    PageMeta: {
      type: 'object',
      required: ['limit', 'offset', 'has_more', 'next_cursor'],
      properties: {
        limit: { type: 'integer', description: 'The `limit` of the request, or 50.' },
        offset: { type: 'integer', description: 'The `offset` of the request, or 0.' },
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
    info: INFO,
    servers: SERVERS,
    tags: TAGS,
    paths: paths(),
    webhooks: webhooks(),
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: { ...PARAMETER_COMPONENTS, ...DELIVERY_PARAMETERS },
      headers: headerComponents(),
      responses: errorResponseComponents(),
      examples: errorExamples(),
      schemas: schemas(),
    },
  };
}
