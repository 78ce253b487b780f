import { env } from 'cloudflare:workers';
import { SIMULATED } from '../../support/simulated.ts';
import { type BindingChanges, fetchWith } from './direct.ts';
import { inEveryDatabase } from './shards.ts';

export const URL_OF_DRIFT = `${SIMULATED.variables.PUBLIC_URL}/health/drift`;
export const TOKEN = SIMULATED.variables.OPERATOR_TOKEN;
const EMPTIED = ['deliveries', 'quarantined_stripe_events', 'dropped_stripe_events'];

/** Makes every figure 0, whatever earlier tests of the file have left. */
export async function clearDrift(): Promise<void> {
  for (const table of EMPTIED) await inEveryDatabase(`DELETE FROM ${table}`);
  await inEveryDatabase('UPDATE payments SET next_check_at = NULL');
  await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
}

export function driftRequest(authorization?: string, method = 'GET', url = URL_OF_DRIFT): Request {
  return new Request(url, { method, ...(authorization ? { headers: { Authorization: authorization } } : {}) });
}

/** What an operator is answered. */
export async function askDrift(
  changes: BindingChanges = {},
): Promise<{ status: number; data: Record<string, unknown> }> {
  const response = await fetchWith(changes, driftRequest(`Bearer ${TOKEN}`));
  const { data }: { data: Record<string, unknown> } = await response.json();
  return { status: response.status, data };
}

/** Rows of one table from lists of values. */
export async function insertAll(table: string, columns: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  const values = columns.split(',').map((_, column) => `value ->> ${column}`);
  await env.DB.prepare(`INSERT INTO ${table} (${columns}) SELECT ${values.join(', ')} FROM json_each(?)`)
    .bind(JSON.stringify(rows))
    .run();
}

/** Quarantines so many Stripe events now. */
export async function quarantineNow(count: number, prefix = 'evt_aside'): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => [
    `${prefix}_${String(index).padStart(4, '0')}`,
    ...['acct_drift', 0, 'checkout.session.completed', 'amount_differs', '{"email":"ann@example.com"}', Date.now()],
  ]);
  await insertAll(
    'quarantined_stripe_events',
    'id, stripe_account_id, livemode, type, reason, body, received_at',
    rows,
  );
}

/** So many deliveries that were due at this time (unix ms), after so many attempts. */
export async function overdue(count: number, dueAt: number, attempts: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => [
    `dlv_0drift${attempts}x${index}`,
    ...['w', 'evt_0gone', 'we_0gone', 'pending', attempts, dueAt, dueAt, dueAt, 0],
  ]);
  const columns =
    'id, workspace_id, event_id, endpoint_id, status, attempt_count, next_attempt_at, created_at, updated_at, attempts_before';
  await insertAll('deliveries', columns, rows);
}
