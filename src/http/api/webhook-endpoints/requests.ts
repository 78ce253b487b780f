import * as z from 'zod/mini';
import { parseTimeCursor } from '../../../core/paging.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import { textFault } from '../../../core/text.ts';
import { webhookUrlFault } from '../../../core/urls.ts';
import type { ReplayRange } from '../../../db/replays.ts';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';
import type { NewEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import type { EndpointChange } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import type { Config } from '../../../env.ts';
import { documented, flag, judgedText, list, messageAt, metadata, text } from '../fields.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../paging.ts';

/** The query of `GET /webhook-endpoints`. */
export const listEndpointsQuery = listQuery(parseTimeCursor, {});

const STATUS_EXPECTED = `status must be one of ${DELIVERY_STATUSES.join(', ')}.`;

const deliveriesQuery = listQuery(parseTimeCursor, {
  status: z.optional(documented(z.enum(DELIVERY_STATUSES, STATUS_EXPECTED), 'One status.')),
  ...timeFilters,
});

/** The query of `GET /webhook-endpoints/:id/deliveries`. */
export const listDeliveriesQuery = z.pipe(
  deliveriesQuery,
  z.transform((sent: z.output<typeof deliveriesQuery>) => ({
    filter: { ...timeRangeOf(sent), status: sent.status ?? null },
    page: pageRequestOf(sent),
  })),
);

const ALL_EVENTS = '*';
const EVENTS_EXPECTED = 'events must be ["*"] or a list of event types, each named once.';
const TOO_MANY_EVENTS = `events must be ["*"] or at most ${EVENT_TYPES.length} event types, each named once: ${EVENT_TYPES.join(', ')}.`;

const eventType = z.enum([ALL_EVENTS, ...EVENT_TYPES], {
  error: messageAt(() => `must be one of ${EVENT_TYPES.join(', ')}.`),
});

const events = documented(
  list(eventType, EVENT_TYPES.length, EVENTS_EXPECTED, TOO_MANY_EVENTS).check(
    z.check(judgeTogether, { when: ({ value }) => Array.isArray(value) && value.length <= EVENT_TYPES.length }),
  ),
  { uniqueItems: true, description: '["*"] for all, which is the default, or event types.' },
);

/** Each type once, and "*" alone. */
function judgeTogether({ value: types, issues }: z.core.ParsePayload<z.output<typeof eventType>[]>): void {
  const faulty = new Set(issues.map(({ path }) => path?.[0]));
  for (const [index, type] of types.entries()) {
    const fault = faulty.has(index) ? null : besideOthersFault(type, types.indexOf(type) < index, types.length);
    if (fault) issues.push({ code: 'custom', path: [index], message: `events.${index} ${fault}`, input: type });
  }
}

function besideOthersFault(type: string, isNamedBefore: boolean, count: number): string | null {
  if (isNamedBefore) return 'is named before: name each type once.';
  return type === ALL_EVENTS && count > 1 ? 'must be an event type: "*" stands alone, as ["*"].' : null;
}

const common = {
  description: documented(z.nullish(text('description', 250)), 'For you: shown nowhere else.'),
  metadata: z.nullish(
    metadata({
      textFault: (value, max) => textFault(value, { max, lineBreaks: true }),
      keyFault: (key, max) => textFault(key, { max, lineBreaks: false }),
      description: 'For you: a flat map of text values.',
    }),
  ),
};

type UrlRules = Parameters<typeof webhookUrlFault>[1];

/** The bodies that name a URL. Which ones are good depends on the configuration. */
function endpointBodies(rules: UrlRules) {
  const url = documented(
    judgedText('url', 'url must be the absolute https URL that events are sent to.', (value) =>
      webhookUrlFault(value, rules),
    ),
    { format: 'uri', maxLength: 2048, description: 'https on port 443, with a public host name.' },
  );
  const create = z.object({ url, events: z.nullish(events), ...common });
  const change = z.object({
    url: z.optional(url),
    events: z.optional(events),
    ...common,
    status: z.optional(
      documented(
        z.enum(['enabled', 'disabled'], 'status must be "disabled", or its present value.'),
        '`disabled` takes it out of service. To enable it again: POST …/enable.',
      ),
    ),
  });
  return {
    /** Of `POST /webhook-endpoints`; null is the same as not sent. */
    create: z.pipe(
      create,
      z.transform(
        ({ url, events, description, metadata }: z.output<typeof create>): NewEndpoint => ({
          url,
          metadata: metadata ?? {},
          description: description ?? null,
          ...(events ? { events } : {}),
        }),
      ),
    ),
    /** Of `PATCH /webhook-endpoints/:id`: only what is to change. null clears description and metadata. */
    change: z.pipe(
      change,
      z.transform(
        ({ url, events, description, metadata, status }: z.output<typeof change>): EndpointChange => ({
          url,
          events,
          description,
          metadata: metadata === null ? {} : metadata,
          status,
        }),
      ),
    ),
  };
}

/** As the document describes them: by the rules for a public server. */
export const PUBLIC_ENDPOINT_BODIES = endpointBodies({ allowLocal: false, ownHosts: [] });

const bodiesByConfig = new WeakMap<Config, ReturnType<typeof endpointBodies>>();

/** The bodies of `POST` and `PATCH /webhook-endpoints`, made once per configuration. */
export function endpointBodiesOf(config: Config): ReturnType<typeof endpointBodies> {
  const made =
    bodiesByConfig.get(config) ??
    endpointBodies({ allowLocal: config.allowLocalWebhooks, ownHosts: [new URL(config.publicUrl).host] });
  bodiesByConfig.set(config, made);
  return made;
}

const rotation = z.object({
  force: documented(z.nullish(flag('force')), 'true ends an earlier rotation: the oldest secret is no longer valid.'),
});

/** The body of `POST /webhook-endpoints/:id/rotate-secret`. */
export const rotationBody = z.pipe(
  rotation,
  z.transform(({ force }: z.output<typeof rotation>) => ({ force: force ?? false })),
);

const time = (field: string) => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z.`;
  return z.string(expected).check(z.refine((value) => parseRfc3339(value) !== null, expected));
};

const replay = z.object({
  since: documented(time('since'), {
    format: 'date-time',
    description: 'Events from this moment on; at most 30 days back.',
  }),
  until: z.nullish(
    documented(time('until'), {
      format: 'date-time',
      description: 'Events up to this moment, or to the end of this second if it has no fraction; now by default.',
    }),
  ),
  status: z.nullish(
    documented(
      z.enum(DELIVERY_STATUSES, STATUS_EXPECTED),
      'Only deliveries of this status. Without it: those that failed, and events never sent to it.',
    ),
  ),
});

/** The body of `POST /webhook-endpoints/:id/replay`; null is the same as not sent. Without `until` the range ends now. */
export const replayBody = z.pipe(
  replay,
  z.transform((body: z.output<typeof replay>, context): Omit<ReplayRange, 'now'> => {
    const since = parseRfc3339(body.since);
    const until = body.until ? endOf(body.until) : Date.now();
    if (since !== null && until !== null && since <= until) return { since, until, status: body.status ?? null };
    const message = 'since must not be later than until, which is now by default.';
    context.issues.push({ code: 'custom', message, path: ['since'], input: body });
    return z.NEVER;
  }),
);

/** Answers show whole seconds: a time without a fraction means all of its second. */
function endOf(time: string): number | null {
  const at = parseRfc3339(time);
  return at === null || time.includes('.') ? at : at + 999;
}
