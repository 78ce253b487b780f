import { ASSUMED, PRICES } from './prices.ts';

/** What Cloudflare bills of one step. Rows include the entries of indexes. */
export const BILLED = {
  requests: 'Worker requests',
  rowsRead: 'D1 rows read',
  rowsWritten: 'D1 rows written',
  objectCalls: 'object calls',
  objectRows: 'object rows written',
  messages: 'queue messages',
  logLines: 'log lines',
} as const;

export type Billed = Readonly<Record<keyof typeof BILLED, number>>;

/** The steps that are counted, and what the page calls them. */
export const STEPS = {
  session: 'make a session by the API, with an `Idempotency-Key`',
  forget: 'forget an `Idempotency-Key` after 24 hours',
  page: 'show a pay page',
  form: 'take its form, which makes a session',
  settle: 'record a payment, with its event and one delivery',
  settleLink: 'the same for a payment of a payment link',
  expire: 'record that a session has expired, with its event',
  check: 'read an open session from Stripe',
  queue: 'record one more delivery of an event',
  deliver: 'deliver a webhook, alone in its batch',
  remove: 'delete a row that is old enough',
  poll: 'read the new Stripe events of an account, where there are none',
  idle: 'a run of the cron that has nothing to do',
} as const;

export type Step = keyof typeof STEPS;
export type Steps = Readonly<Record<Step, Billed>>;

/** How often each step happens for one payment. */
export type Times = Readonly<Partial<Record<Step, number>>>;

const PAYMENTS = 1_000_000;
const CHECKS_WHILE_OPEN = 2;
const READS_IN_MONTH = ASSUMED.minutesInMonth / 5;

/** What every payment has: half a session more that expires, one delivery, what is deleted later, and a share of the cron. */
const ALWAYS: Times = {
  expire: 0.5,
  check: 0.5 * CHECKS_WHILE_OPEN,
  deliver: 1,
  // Its event and delivery; half a session that has expired, and the event of that.
  remove: 2 + 0.5 * 2,
  poll: (ASSUMED.shops * READS_IN_MONTH) / PAYMENTS,
  idle: ASSUMED.minutesInMonth / PAYMENTS,
};

export const BY_API: Times = { ...ALWAYS, session: 1.5, forget: 1.5, settle: 1 };
export const BY_LINK: Times = { ...ALWAYS, page: 1.5, form: 1.5, settleLink: 1 };
/** More than any one payment needs: by the API, and for every second one a pay page and its form besides. */
export const WHOLE: Times = { ...BY_API, page: 0.5, form: 0.5 };
/** One more delivery of an event: to another endpoint, or of another event. */
export const DELIVERY: Times = { queue: 1, deliver: 1, remove: 1 };

/** What is paid for, in the order of the page. */
export const PRODUCTS = ['D1', 'Durable Objects', 'Workers', 'Queues', 'the log'] as const;
type Product = (typeof PRODUCTS)[number];

/** US dollars for a million of a step, by product, without what the plan includes. */
export function dollarsByProduct(billed: Billed): Record<Product, number> {
  const { request, cpu, rowRead, rowWritten, objectCall, objectTime, objectRowWritten, queueOperation } = PRICES;
  const gigabyteSeconds = (ASSUMED.objectMs / 1000) * 0.128;
  const logged = ((billed.logLines + billed.requests) * ASSUMED.logLineBytes) / 1000;
  return {
    D1: billed.rowsRead * rowRead.dollars + billed.rowsWritten * rowWritten.dollars,
    'Durable Objects':
      billed.objectCalls * (objectCall.dollars + gigabyteSeconds * objectTime.dollars) +
      billed.objectRows * objectRowWritten.dollars,
    Workers: billed.requests * (request.dollars + ASSUMED.cpuMs * cpu.dollars),
    Queues: billed.messages * 3 * queueOperation.dollars,
    'the log': logged * (PRICES.logged.dollars + (PRICES.logKept.dollars * 7) / 30),
  };
}

/** The same for a million times these steps. */
export function dollarsOf(steps: Steps, times: Times): Record<Product, number> {
  const sums = { D1: 0, 'Durable Objects': 0, Workers: 0, Queues: 0, 'the log': 0 };
  for (const step of namesOf(STEPS)) {
    const dollars = dollarsByProduct(steps[step]);
    for (const product of PRODUCTS) sums[product] += dollars[product] * (times[step] ?? 0);
  }
  return sums;
}

export function sumOf(dollars: Readonly<Record<Product, number>>): number {
  return PRODUCTS.reduce((sum, product) => sum + dollars[product], 0);
}

/** The names of an object's members, in their order. */
export function namesOf<K extends string>(object: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(object).filter((name): name is K => name in object);
}

/** An object with the same members, each with another value. */
export function mapped<K extends string, V, W>(
  object: Readonly<Record<K, V>>,
  change: (value: V, name: K) => W,
): Record<K, W> {
  const names = namesOf(object);
  const copy: Partial<Record<K, W>> = {};
  for (const name of names) copy[name] = change(object[name], name);
  const isComplete = (made: Partial<Record<K, W>>): made is Record<K, W> => names.every((name) => name in made);
  if (!isComplete(copy)) throw new Error('A member is missing');
  return copy;
}
