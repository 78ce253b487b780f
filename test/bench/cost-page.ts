import {
  BILLED,
  type Billed,
  BY_API,
  BY_LINK,
  DELIVERY,
  dollarsByProduct,
  dollarsOf,
  mapped,
  namesOf,
  PRODUCTS,
  STEPS,
  type Steps,
  sumOf,
  type Times,
  WHOLE,
} from './cost-money.ts';
import { PRICES, SVIX } from './prices.ts';

/** Bytes in D1 for each payment, by how long they are kept. */
export interface Bytes {
  readonly forEver: number;
  readonly thirtyDays: number;
  readonly ninetyDays: number;
}

/** What the bench counts and measures, and the page shows. */
export interface Measured {
  readonly steps: Steps;
  readonly bytes: Bytes;
}

const KEPT = {
  forEver: { rows: 'the payment', time: 'for ever' },
  thirtyDays: { rows: 'its event and delivery, and half an event of an expired session', time: '30 days' },
  ninetyDays: { rows: 'half a session more, which expires unpaid', time: '90 days' },
} as const;
const MONTHS = [1, 2, 3, 6, 12, 24];
const DATABASE_GB = 10;

const dollars = (value: number) => value.toFixed(2);
const amount = (value: number) => String(Number(value.toFixed(2)));
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The counts as the page shows them: with two digits after the point. */
export function rounded({ steps, bytes }: Measured): Measured {
  const shown = (billed: Billed): Billed => mapped(billed, (value) => Number(amount(value)));
  return { steps: mapped(steps, shown), bytes: mapped(bytes, Math.round) };
}

/** The page with new tables, each between `<!-- name -->` and `<!-- /name -->`. Throws where one has no place. */
export function fillPage(page: string, measured: Measured): string {
  const { steps, bytes } = rounded(measured);
  const tables = {
    prices: pricesTable(),
    steps: stepsTable(steps),
    payment: paymentTable(steps),
    products: productsTable(steps),
    storage: storageTable(bytes),
    months: monthsTable(bytes),
    webhooks: webhooksTable(steps),
  };
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [before, place] = splitAt(text, `<!-- ${name} -->`);
    const [, after] = splitAt(place, `<!-- /${name} -->`);
    return `${before}<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->${after}`;
  }, page);
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`docs/cost.md has no ${mark.trim()}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** The counts and bytes that the page shows. Throws where a row is missing. */
export function readPage(page: string): Measured {
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const rowOf = (first: string) => {
    const row = rows.find((cells) => cells[1] === first);
    if (!row) throw new Error(`docs/cost.md has no row ${first}`);
    return row.slice(2).map(Number);
  };
  const billedOf = (label: string): Billed => {
    const cells = rowOf(label);
    const columns = namesOf(BILLED);
    return mapped(BILLED, (name) => cells[columns.findIndex((column) => BILLED[column] === name)] ?? Number.NaN);
  };
  return { steps: mapped(STEPS, billedOf), bytes: mapped(KEPT, ({ rows: first }) => rowOf(first)[0] ?? Number.NaN) };
}

function pricesTable(): string {
  const rows = namesOf(PRICES).map((name) => {
    const { what, dollars: price, per, included, source } = PRICES[name];
    return [what, `${price} for each ${per}`, included, `[page](${source})`];
  });
  return table(['what', 'dollars', 'included each month', 'source'], rows);
}

function stepsTable(steps: Steps): string {
  const columns = namesOf(BILLED);
  const rows = namesOf(STEPS).map((step) => [
    STEPS[step],
    ...columns.map((column) => String(steps[step][column])),
    dollars(sumOf(dollarsByProduct(steps[step]))),
  ]);
  return table(['step', ...columns.map((column) => BILLED[column]), 'dollars a million'], rows);
}

function paymentTable(steps: Steps): string {
  const all = { WHOLE, BY_API, BY_LINK };
  const kinds = namesOf(all);
  const cost = (times: Times) => dollars(sumOf(dollarsOf(steps, times)));
  const rows = namesOf(STEPS)
    .filter((step) => kinds.some((kind) => all[kind][step]))
    .map((step) => [
      STEPS[step],
      ...kinds.map((kind) => amount(all[kind][step] ?? 0)),
      cost({ [step]: WHOLE[step] ?? 0 }),
    ]);
  const sums = ['**dollars for a million payments**', ...kinds.map((kind) => `**${cost(all[kind])}**`), ''];
  return table(
    ['step', 'a whole payment', 'by the API alone', 'by links alone', 'dollars of a whole payment'],
    [...rows, sums],
  );
}

function productsTable(steps: Steps): string {
  const byProduct = dollarsOf(steps, WHOLE);
  const share = (value: number) => `${((value / sumOf(byProduct)) * 100).toFixed(0)} %`;
  const rows = PRODUCTS.map((product) => [product, dollars(byProduct[product]), share(byProduct[product])]);
  return table(['for a million whole payments', 'dollars', 'share'], rows);
}

function storageTable(bytes: Bytes): string {
  const rows = namesOf(KEPT).map((kept) => [KEPT[kept].rows, String(bytes[kept]), KEPT[kept].time]);
  return table(['rows', 'bytes for each payment', 'kept'], rows);
}

/** Gigabytes that are stored after so many months of a million payments each. */
function storedAfter(months: number, { forEver, thirtyDays, ninetyDays }: Bytes): number {
  return (forEver * months + thirtyDays + ninetyDays * Math.min(months, 3)) / 1000;
}

function monthsTable(bytes: Bytes): string {
  const rows = MONTHS.map((months) => {
    const stored = storedAfter(months, bytes);
    return [`${months}`, stored.toFixed(1), dollars(stored * PRICES.stored.dollars)];
  });
  let full = 1;
  while (storedAfter(full + 1, bytes) <= DATABASE_GB) full += 1;
  const last = `A database takes ${DATABASE_GB} GB: it is full after ${full} months.`;
  return `${table(['after months', 'GB stored', 'dollars a month'], rows)}\n\n${last}`;
}

function webhooksTable(steps: Steps): string {
  const ours = dollars(sumOf(dollarsOf(steps, DELIVERY)));
  const overage = (1_000_000 - SVIX.includedMessages) * SVIX.perMessage;
  return table(
    ['a million webhooks in a month', 'dollars'],
    [
      ['this service: one more delivery of an event, and its attempt', ours],
      ['Svix, Free plan', dollars(overage)],
      ['Svix, Professional plan', dollars(SVIX.monthly + overage)],
    ],
  );
}
