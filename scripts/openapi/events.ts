import { EVENT_DATA } from '../../src/domain/webhooks/event-schemas.ts';
import { component, content, type Json, reference } from './schema.ts';

const DELIVERED =
  'Verify `Softsolz-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>` with the whole secret string as key; refuse a `t` more than 300 s off. Any 2xx within 10 seconds counts as delivered; everything else is retried for up to 24 hours. The same event may arrive more than once, with the same id.';

const EVENTS = Object.entries(EVENT_DATA).map(([type, schema]) => {
  const data = component(schema);
  return { type, data, name: data.name.replace(/Data$/, 'Event') };
});

/** The envelope of every type with its data, and `Event`: any one of them. */
export function eventComponents(): Json {
  return {
    ...Object.fromEntries(EVENTS.map(({ data }) => [data.name, data.json])),
    ...Object.fromEntries(EVENTS.map(({ type, data, name }) => [name, envelope(type, data.name)])),
    Event: {
      title: 'Event',
      oneOf: EVENTS.map(({ name }) => reference(name)),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(EVENTS.map(({ type, name }) => [type, reference(name).$ref])),
      },
    },
  };
}

function envelope(type: string, dataName: string): Json {
  return {
    type: 'object',
    required: ['id', 'type', 'created_at', 'tenant_id', 'data'],
    properties: {
      id: { type: 'string', description: 'Stable: the same for every attempt.' },
      type: { const: type },
      created_at: { type: 'string', format: 'date-time' },
      tenant_id: { type: 'string', format: 'uuid' },
      data: reference(dataName),
    },
  };
}

/** What is sent to webhook endpoints, by type. */
export function webhooks(): Json {
  return Object.fromEntries(
    EVENTS.map(({ type, name }) => [
      type,
      {
        post: {
          summary: type,
          description: DELIVERED,
          security: [],
          requestBody: { required: true, content: content(reference(name)) },
          responses: { '2XX': { description: 'Delivered.' } },
        },
      },
    ]),
  );
}
