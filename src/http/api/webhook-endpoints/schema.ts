import * as z from 'zod/mini';
import { textFault } from '../../../core/text.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';

const describe = (description: string) => z.meta({ description });

const MAX_DESCRIPTION = 250;
export const MAX_METADATA_KEYS = 40;
export const MAX_METADATA_KEY = 40;
export const MAX_METADATA_VALUE = 500;

const ALL_EVENTS = '*';
const EVENTS_EXPECTED = 'events must be ["*"] or a list of event types, each named once.';

// Judged by core/urls.ts, which is told the configuration: here it only gets its place in the document.
const url = z.unknown().check(
  z.meta({
    type: 'string',
    format: 'uri',
    maxLength: 2048,
    description: 'https on port 443, with a public host name.',
  }),
);

/** Judged before the entries are: a long list gets one fault, not one for each entry. */
const notTooMany = z
  .array(z.unknown(), EVENTS_EXPECTED)
  .check(
    z.maxLength(
      EVENT_TYPES.length,
      `events must be ["*"] or at most ${EVENT_TYPES.length} event types, each named once: ${EVENT_TYPES.join(', ')}.`,
    ),
  );

const known = z.array(z.string(EVENTS_EXPECTED)).check(
  z.superRefine((types, context) => {
    if (types.length === 1 && types[0] === ALL_EVENTS) return;
    if (types.length === 0) context.addIssue({ code: 'custom', message: EVENTS_EXPECTED });
    for (const [index, type] of types.entries()) {
      const fault = eventTypeFault(type, types.indexOf(type) < index);
      if (fault) context.addIssue({ code: 'custom', path: [index], message: `events.${index} ${fault}` });
    }
  }),
);

const events = z.pipe(notTooMany, known).check(
  z.meta({
    items: { enum: [ALL_EVENTS, ...EVENT_TYPES] },
    minItems: 1,
    uniqueItems: true,
    description: '["*"] for all, which is the default, or event types.',
  }),
);

function eventTypeFault(type: string, isNamedBefore: boolean): string | null {
  if (isNamedBefore) return 'is named before: name each type once.';
  if (type === ALL_EVENTS) return 'must be an event type: "*" stands alone, as ["*"].';
  return EVENT_TYPES.some((known) => known === type) ? null : `must be one of ${EVENT_TYPES.join(', ')}.`;
}

const DESCRIPTION_EXPECTED = `description must be text of at most ${MAX_DESCRIPTION} characters.`;

const description = z
  .string(DESCRIPTION_EXPECTED)
  .check(
    z.superRefine((value, context) => {
      const fault = textFault(value, { max: MAX_DESCRIPTION, lineBreaks: true });
      if (fault) context.addIssue({ code: 'custom', message: `description ${fault}` });
    }),
  )
  .check(z.meta({ maxLength: MAX_DESCRIPTION, description: 'For you: shown nowhere else.' }));

// Judged by parse-webhook-endpoint.ts: a record schema drops one name silently, and tells only the first faulty value.
const metadata = z.unknown().check(
  z.meta({
    type: ['object', 'null'],
    maxProperties: MAX_METADATA_KEYS,
    propertyNames: { minLength: 1, maxLength: MAX_METADATA_KEY },
    additionalProperties: { type: 'string', maxLength: MAX_METADATA_VALUE },
    description: 'For you: a flat map of text values.',
  }),
);

const common = {
  description: z.optional(z.nullable(description)),
  metadata: z.optional(metadata),
};

/** The body of `POST /webhook-endpoints`. null is the same as not sent. */
export const newEndpointSchema = z.object({ url, events: z.optional(z.nullable(events)), ...common });

/** The body of `PATCH /webhook-endpoints/:id`: only what is to change. null clears description and metadata. */
export const endpointChangeSchema = z.object({
  url: z.optional(url),
  events: z.optional(events),
  ...common,
  status: z.optional(
    z
      .enum(['enabled', 'disabled'], 'status must be "disabled", or its present value.')
      .check(describe('`disabled` takes it out of service. To enable it again: POST …/enable.')),
  ),
});

/** The body of `POST /webhook-endpoints/:id/rotate-secret`. */
export const rotationSchema = z.object({
  force: z.optional(
    z
      .nullable(z.boolean('force must be true or false.'))
      .check(describe('true ends an earlier rotation: the oldest secret is no longer valid.')),
  ),
});
