import { ask } from './ask.ts';

/** The bare handlers that the Worker's times are compared with, and their names in the report. */
export const BARE = {
  read: 'a bare handler with one D1 read',
  list: 'a bare handler that lists 10 rows of D1',
  stripe: 'a bare handler with one Stripe call',
} as const;
export type Bare = keyof typeof BARE;
export type BareHandlers = Readonly<Record<Bare, () => Promise<unknown>>>;

/** The connected account at the simulator that the bare handler creates sessions for. */
export const BARE_ACCOUNT = 'acct_bench_bare';

const ROWS = [
  'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)',
  "INSERT INTO items VALUES (1, 'one')",
  `CREATE TABLE links (id TEXT PRIMARY KEY, title TEXT, description TEXT, currency TEXT, amount_cents INTEGER,
    active INTEGER, url TEXT, created_at TEXT, updated_at TEXT)`,
  `INSERT INTO links SELECT 'lnk_' || value, 'Studio deposit', NULL, 'GBP', 5000, 1,
    'http://localhost:8787/pay/link/lnk_' || value, '2026-10-01T10:00:00Z', '2026-10-01T10:00:00Z'
    FROM json_each('[1,2,3,4,5,6,7,8,9,10]')`,
];
/** What our Worker sends for the session that the bench creates, without our own ids. */
const STRIPE_PARAMETERS = new URLSearchParams({
  mode: 'payment',
  'line_items[0][quantity]': '1',
  'line_items[0][price_data][currency]': 'gbp',
  'line_items[0][price_data][unit_amount]': '4999',
  'line_items[0][price_data][product_data][name]': 'Order #1042',
  customer_email: 'buyer@example.com',
  success_url: 'https://shop.example/success',
  cancel_url: 'https://shop.example/cancel',
  'metadata[order_id]': '1042',
}).toString();

/** Writes the rows of the bare handlers. Returns a function for each that sends one request to the Worker at `url`. */
export async function bareHandlers(url: string, database: D1Database): Promise<BareHandlers> {
  await database.batch(ROWS.map((statement) => database.prepare(statement)));
  const create = { method: 'POST', headers: { 'Stripe-Account': BARE_ACCOUNT }, body: STRIPE_PARAMETERS };
  return {
    read: () => ask(`${url}/items/1`, {}, 200),
    list: () => ask(`${url}/links`, {}, 200),
    stripe: () => ask(`${url}/sessions`, create, 201),
  };
}
