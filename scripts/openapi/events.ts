import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_DATA } from '../../src/domain/webhooks/event-schemas.ts';
import { componentsOf, content, type Json, reference } from './schema.ts';

const DELIVERED =
  'Verify `Softsolz-Signature` before you trust the request. Answer with any 2xx status within 10 seconds. Everything else is tried again for up to 24 hours. The same event can arrive more than once, with the same `id`, and events can arrive in any order.';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/webhook-events.md'), 'utf8');

const EVENTS = Object.entries(EVENT_DATA).map(([type, schema]) => {
  const { name: dataName, schemas } = componentsOf(schema);
  return { type, dataName, data: schemas[dataName], name: dataName.replace(/Data$/, 'Event') };
});

/** When events of a type are sent, from the table in docs/webhook-events.md. Throws Error if the guide lacks the type. */
function whenOf(type: string): string {
  const row = GUIDE.split('\n').find((line) => line.startsWith(`| [\`${type}\`](`));
  const when = row?.split('|')[2]?.trim();
  if (!when) throw new Error(`docs/webhook-events.md does not say when ${type} is sent.`);
  return `${when.charAt(0).toUpperCase()}${when.slice(1)}.`;
}

/** What docs/webhook-events.md says about a type, and its example there. Throws Error if the guide lacks the type. */
function guideOf(type: string): { about: string; example: unknown } {
  const section = GUIDE.split(/^### /m).find((text) => text.startsWith(`\`${type}\`\n`));
  const [, about, json] = /^`.*?`\n(.*?)```json\n(.*?)```/s.exec(section ?? '') ?? [];
  if (about === undefined || json === undefined) throw new Error(`docs/webhook-events.md has no example of ${type}.`);
  return { about: about.trim().replace(/(\S)\n(?=\S)/g, '$1 '), example: JSON.parse(json) };
}

/** The schemas of all event types and their data, and `WebhookEvent`: one of them. */
export function eventComponents(): Json {
  return {
    ...Object.fromEntries(
      EVENTS.map(({ type, dataName, data }) => [dataName, { ...data, description: `\`data\` of \`${type}\`.` }]),
    ),
    ...Object.fromEntries(EVENTS.map(({ type, dataName, name }) => [name, envelope(type, dataName)])),
    WebhookEvent: {
      title: 'WebhookEvent',
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
    description: whenOf(type),
    required: ['id', 'type', 'created_at', 'tenant_id', 'data'],
    properties: {
      id: { type: 'string', description: 'evt_…: the same in every attempt and at every endpoint.' },
      type: { type: 'string', const: type, description: 'What has happened.' },
      created_at: { type: 'string', format: 'date-time', description: 'When we recorded it.' },
      tenant_id: {
        type: 'string',
        format: 'uuid',
        description: 'Your workspace: the live workspace or its sandbox workspace.',
      },
      data: reference(dataName),
    },
  };
}

const text = { type: 'string' };

const header = { in: 'header', required: true } as const;

/** The headers of every delivery, for `components.parameters`. */
export const DELIVERY_PARAMETERS = {
  SoftsolzSignature: {
    ...header,
    name: 'Softsolz-Signature',
    description:
      '`t=<unix>,v1=<hex>`: HMAC-SHA256 of `<t>.<raw body>`, with the whole secret as key. Refuse a `t` that is more than 300 seconds from now. While a secret is rotated there are two `v1`, one for each secret.',
    schema: { type: 'string', pattern: '^t=\\d+(,v1=[0-9a-f]{64})+$' },
  },
  WebhookId: {
    ...header,
    name: 'webhook-id',
    description: 'Standard Webhooks: the id of the event.',
    schema: text,
  },
  WebhookTimestamp: {
    ...header,
    name: 'webhook-timestamp',
    description: 'Standard Webhooks: the time of this attempt, in unix seconds.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  WebhookSignature: {
    ...header,
    name: 'webhook-signature',
    description: 'Standard Webhooks: `v1,<base64>`, one for each secret, with a space between them.',
    schema: { type: 'string', pattern: '^v1,\\S+( v1,\\S+)*$' },
  },
};

/** The requests to webhook endpoints, one for each event type. */
export function webhooks(): Json {
  return Object.fromEntries(EVENTS.map(({ type, name }) => [type, { post: webhook(type, name) }]));
}

function webhook(type: string, name: string): Json {
  const { about, example } = guideOf(type);
  return {
    operationId: `on${name.replace(/Event$/, '')}`,
    tags: ['Webhooks'],
    summary: type,
    description: `${about}\n\n${DELIVERED}`,
    security: [],
    parameters: Object.keys(DELIVERY_PARAMETERS).map((name) => reference(name, 'parameters')),
    requestBody: {
      required: true,
      content: content(reference(name), { event: { summary: whenOf(type), value: example } }),
    },
    responses: {
      '2XX': { description: 'Delivered.' },
      '410': { description: 'The endpoint wants no more events, and is disabled.' },
      default: { description: 'The delivery is tried again.' },
    },
  };
}
