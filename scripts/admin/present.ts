import { accountState, canCharge } from '../../src/core/account-state.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import type { ApiKey } from '../../src/db/api-keys.ts';
import type { QuarantinedStripeEvent } from '../../src/db/stripe-events.ts';
import type { ConnectedAccount, Workspace } from '../../src/db/workspaces.ts';
import type { Shards } from './shards.ts';

const time = (at: number | null) => (at === null ? null : toRfc3339(at));

/** A workspace, as `--json` shows it. */
export function workspaceJson(workspace: Workspace, account: ConnectedAccount | null) {
  return {
    id: workspace.id,
    pair_id: workspace.pairId,
    mode: workspace.mode,
    name: workspace.name,
    status: workspace.status,
    account: account && {
      id: account.stripeAccountId,
      state: accountState(account),
      charges_enabled: canCharge(account),
      details_submitted: account.detailsSubmitted,
      disconnected_at: time(account.disconnectedAt),
    },
    created_at: toRfc3339(workspace.createdAt),
  };
}

/** A key, as `--json` shows it: without the key itself. */
export function keyJson(key: Omit<ApiKey, 'keyHash'>) {
  return {
    id: key.id,
    workspace_id: key.workspaceId,
    kind: key.kind,
    name: key.name,
    prefix: key.prefix,
    last4: key.last4,
    scopes: key.scopes,
    allowed_origins: key.allowedOrigins,
    rate_limit_per_minute: key.rateLimitPerMinute,
    created_at: toRfc3339(key.createdAt),
    revoked_at: time(key.revokedAt),
  };
}

/** A quarantined Stripe event, as `--json` shows it: without its body. */
export function quarantinedJson(row: Omit<QuarantinedStripeEvent, 'body'>) {
  return {
    id: row.id,
    account: row.stripeAccountId,
    livemode: row.livemode,
    type: row.type,
    reason: row.reason,
    received_at: toRfc3339(row.receivedAt),
    released_at: time(row.releasedAt),
  };
}

/** The account's id for people, with its state unless it is ready. */
export function accountText(account: ConnectedAccount | null): string {
  if (!account) return 'no account';
  const state = accountState(account);
  return state === 'ready' ? account.stripeAccountId : `${account.stripeAccountId} (${state})`;
}

/** ` (shard 1)`, or nothing where only one database is open. */
export function inShard({ shards }: Shards, shard: string): string {
  return shards.length > 1 ? ` (shard ${shard})` : '';
}

/** A number with its noun: `1 payment`, `2 payments`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : noun.replace(/y$/, 'ie').concat('s')}`;
}

/** A column of `titledTable`: its title, the text of a row, and how many characters are shown. Longer text ends in `…`. */
export type Column<Row> = readonly [title: string, text: (row: Row) => string | null, most?: number];

/**
 * Rows as text below the titles of their columns. '' without rows. `idsOf`: what stands in a line of its own below each
 * row, whole, so that it can be copied.
 */
export function titledTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  idsOf?: (row: Row) => readonly string[],
): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => columns.map(([, textOf, most]) => shortened(textOf(row) ?? '', most)));
  const [titles = '', ...lines] = table([columns.map(([title]) => title), ...cells]).split('\n');
  if (!idsOf) return [titles, ...lines].join('\n');
  return [titles, ...rows.flatMap((row, index) => [lines[index], `  ${idsOf(row).join('  ')}`])].join('\n');
}

function shortened(text: string, most = Number.POSITIVE_INFINITY): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Rows as text, with aligned columns and two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
