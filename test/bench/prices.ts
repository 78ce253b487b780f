/** One price of Cloudflare's Workers Paid plan, in US dollars. `included`: what the plan has for nothing, each month. */
interface Price {
  readonly what: string;
  readonly dollars: number;
  readonly per: string;
  readonly included: string;
  readonly source: string;
}

const DOCS = 'https://developers.cloudflare.com';

/** From Cloudflare's public pages, in the state that they had in November 2026. */
export const PRICES = {
  request: {
    what: 'Worker requests, queue batches and cron runs',
    dollars: 0.3,
    per: 'million',
    included: '10 million',
    source: `${DOCS}/workers/platform/pricing/`,
  },
  cpu: {
    what: 'CPU time of the Worker',
    dollars: 0.02,
    per: 'million ms',
    included: '30 million ms',
    source: `${DOCS}/workers/platform/pricing/`,
  },
  rowRead: {
    what: 'D1 rows read',
    dollars: 0.001,
    per: 'million',
    included: '25,000 million',
    source: `${DOCS}/d1/platform/pricing/`,
  },
  rowWritten: {
    what: 'D1 rows written, with entries of indexes',
    dollars: 1,
    per: 'million',
    included: '50 million',
    source: `${DOCS}/d1/platform/pricing/`,
  },
  stored: {
    what: 'D1 storage',
    dollars: 0.75,
    per: 'GB and month',
    included: '5 GB',
    source: `${DOCS}/d1/platform/pricing/`,
  },
  objectCall: {
    what: 'calls to Durable Objects',
    dollars: 0.15,
    per: 'million',
    included: '1 million',
    source: `${DOCS}/durable-objects/platform/pricing/`,
  },
  objectTime: {
    what: 'time of Durable Objects, each with 128 MB',
    dollars: 12.5,
    per: 'million GB-seconds',
    included: '0.4 million GB-seconds',
    source: `${DOCS}/durable-objects/platform/pricing/`,
  },
  objectRowWritten: {
    what: 'rows written in Durable Objects',
    dollars: 1,
    per: 'million',
    included: '50 million',
    source: `${DOCS}/durable-objects/platform/pricing/`,
  },
  queueOperation: {
    what: 'queue operations, three for each message',
    dollars: 0.4,
    per: 'million',
    included: '1 million',
    source: `${DOCS}/queues/platform/pricing/`,
  },
  logged: {
    what: 'log written',
    dollars: 0.25,
    per: 'GB',
    included: '50 GB',
    source: `${DOCS}/observability/pricing/`,
  },
  logKept: {
    what: 'log kept, for 7 days',
    dollars: 0.1,
    per: 'GB and month',
    included: '12 GB',
    source: `${DOCS}/observability/pricing/`,
  },
} as const satisfies Record<string, Price>;

/** What was not measured at Cloudflare. */
export const ASSUMED = {
  /** CPU time of one request, batch or cron run, in ms. */
  cpuMs: 10,
  /** How long an object is busy with one call, in ms. */
  objectMs: 10,
  /** One line of the log with what Cloudflare adds to it, in bytes. Cloudflare also writes one line for each request. */
  logLineBytes: 1_000,
  /** How many workspaces have a million payments a month together. */
  shops: 100,
  minutesInMonth: 43_200,
} as const;

/** What Svix asks for sending webhooks: the Professional plan, US dollars. */
export const SVIX = { monthly: 490, includedMessages: 50_000, perMessage: 0.0001 } as const;
