import { EVENT_DATA } from '../../src/domain/webhooks/event-schemas.ts';
import { component, content, type Json, reference } from './schema.ts';

const DELIVERED =
  'Verify `Softsolz-Signature: t=<unix>,v1=<hex>`: HMAC-SHA256 of `<t>.<raw body>`, with the whole secret as key. Refuse a `t` that is more than 300 seconds from now. Answer with any 2xx status within 10 seconds. Everything else is tried again for up to 24 hours. The same event can arrive more than once, with the same id.';

const EVENTS = Object.entries(EVENT_DATA).map(([type, schema]) => {
  const data = component(schema);
  return { type, data, name: data.name.replace(/Data$/, 'Event') };
});

/** The schemas of all event types and their data, and `Event`: one of them. */
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
      id: { type: 'string', description: 'The same in every attempt and at every endpoint.' },
      type: { const: type },
      created_at: { type: 'string', format: 'date-time' },
      tenant_id: { type: 'string', format: 'uuid' },
      data: reference(dataName),
    },
  };
}

/** The requests to webhook endpoints, one for each event type. */
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
