import * as z from 'zod/mini';
import { madeOnce } from '../../../core/made-once.ts';
import { parseTimeCursor, type TimePlace } from '../../../core/paging.ts';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import { textFault } from '../../../core/text.ts';
import { webhookUrlFault, withCanonicalHost } from '../../../core/urls.ts';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';
import type { NewEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import type { EndpointChange } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import type { AskedReplay } from '../../../domain/webhooks/replay/replay.ts';
import type { Config } from '../../../env.ts';
import { documented, flag, judgedText, list, messageAt, metadata, text, time } from '../fields.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../paging.ts';

/** The query of `GET /webhook-endpoints`. */
export const listEndpointsQuery = z.pipe(listQuery(parseTimeCursor, {}), z.transform(pageRequestOf<TimePlace>));

const STATUS_EXPECTED = `status must be one of ${DELIVERY_STATUSES.join(', ')}.`;

const deliveriesQuery = listQuery(parseTimeCursor, {
  status: z.optional(documented(z.enum(DELIVERY_STATUSES, STATUS_EXPECTED), 'Only deliveries with this status.')),
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
  { uniqueItems: true, description: 'The event types to send, or ["*"] for all, which is the default.' },
);

/** Refuses an event type that is listed twice, and "*" beside others. Unknown types have a fault already. */
function judgeTogether({ value: types, issues }: z.core.ParsePayload<z.output<typeof eventType>[]>): void {
  const faulty = new Set(issues.map(({ path }) => path?.[0]));
  for (const [index, type] of types.entries()) {
    const isRepeated = types.indexOf(type) < index;
    if (faulty.has(index) || !(isRepeated || (type === ALL_EVENTS && types.length > 1))) continue;
    const fault = isRepeated
      ? 'is named before: name each type once.'
      : 'must be an event type: "*" stands alone, as ["*"].';
    issues.push({ code: 'custom', path: [index], message: `events.${index} ${fault}`, input: type });
  }
}

const common = {
  description: documented(z.nullish(text('description', 250)), 'A description for you. It is shown nowhere else.'),
  metadata: z.nullish(
    metadata({
      textFault: (value, max) => textFault(value, { max, lineBreaks: true }),
      keyFault: (key, max) => textFault(key, { max, lineBreaks: false }),
      description: 'A flat map of text values for you: up to 40 keys of 40 characters, with values of 500.',
    }),
  ),
};

type UrlRules = Parameters<typeof webhookUrlFault>[1];

/** The schemas for bodies with the URL of an endpoint. `rules`: which URLs the configuration allows. */
function endpointBodies(rules: UrlRules) {
  const judged = judgedText('url', 'url must be the absolute https URL that events are sent to.', (value) =>
    webhookUrlFault(value, rules),
  );
  const url = z.pipe(
    documented(judged, {
      pattern: '^https://',
      maxLength: 2048,
      description:
        'An https URL on port 443 with a public host name. The host is kept in lower case and punycode: `https://münchen.de/x` is answered as `https://xn--mnchen-3ya.de/x`.',
    }),
    z.transform(withCanonicalHost),
  );
  const create = z.object({ url, events: z.nullish(events), ...common });
  const change = z.object({
    url: z.optional(url),
    events: z.optional(events),
    ...common,
    status: z.optional(
      documented(
        z.enum(['enabled', 'disabled'], 'status must be "disabled", or its present value.'),
        '`disabled` takes the endpoint out of service. To enable it again, call `POST …/enable`.',
      ),
    ),
  });
  const toNew = ({ url, events, description, metadata }: z.output<typeof create>): NewEndpoint => {
    const content = { url, description: description ?? null, metadata: metadata ?? {} };
    return events ? { ...content, events } : content;
  };
  const toChange = ({ url, events, description, metadata, status }: z.output<typeof change>): EndpointChange => {
    return { url, events, description, status, metadata: metadata === null ? {} : metadata };
  };
  return {
    /** For `POST /webhook-endpoints`. null is the same as not sent. */
    create: z.pipe(create, z.transform(toNew)),
    /** For `PATCH /webhook-endpoints/:id`, with only what is to change. null clears `description` and `metadata`. */
    change: z.pipe(change, z.transform(toChange)),
  };
}

/** The schemas of the bodies as the OpenAPI document describes them: with the URL rules of a public server. */
export const PUBLIC_ENDPOINT_BODIES = endpointBodies({ allowLocal: false, ownOrigins: [] });

/** The schemas for the bodies of `POST` and `PATCH /webhook-endpoints`. They are made once for each configuration. */
export const endpointBodiesOf = madeOnce(({ allowLocalWebhooks: allowLocal, publicUrl }: Config) =>
  endpointBodies({ allowLocal, ownOrigins: [publicUrl] }),
);

const rotation = z.object({
  force: documented(z.nullish(flag('force')), 'true: ends an earlier rotation. The oldest secret is no longer valid.'),
});

/** The schema for the body of `POST /webhook-endpoints/:id/rotate-secret`. */
export const rotationBody = z.pipe(
  rotation,
  z.transform(({ force }: z.output<typeof rotation>) => ({ force: force ?? false })),
);

const replay = z.object({
  since: documented(time('since'), {
    format: 'date-time',
    description: 'Replays the events from this time on. Events are kept for 30 days.',
  }),
  until: z.nullish(
    documented(time('until'), {
      format: 'date-time',
      description:
        'Replays the events up to this time, now by default. A time without a fraction means the end of its second.',
    }),
  ),
  status: z.nullish(
    documented(
      z.enum(DELIVERY_STATUSES, STATUS_EXPECTED),
      'Replays only deliveries with this status. Without it: failed deliveries, and events that were never sent.',
    ),
  ),
});

/** The schema for `POST /webhook-endpoints/:id/replay`, with times in unix ms. null is the same as not sent. */
export const replayBody = z.pipe(
  replay,
  z.transform((body: z.output<typeof replay>, context): AskedReplay => {
    const since = parseRfc3339(body.since);
    const until = body.until ? endOf(body.until) : Date.now();
    if (since !== null && until !== null && since <= until) return { since, until, status: body.status ?? null };
    const message = 'since must not be later than until, which is now by default.';
    context.issues.push({ code: 'custom', message, path: ['since'], input: body });
    return z.NEVER;
  }),
);

/**
 * The last unix ms of a time, or null if it is malformed. Answers show whole seconds, so a time without a fraction
 * means all of its second.
 */
function endOf(time: string): number | null {
  const at = parseRfc3339(time);
  return at === null || time.includes('.') ? at : at + 999;
}
