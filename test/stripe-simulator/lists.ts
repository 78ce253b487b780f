import type { ApiCall } from './api-call.ts';
import { conditionsOf } from './conditions.ts';
import { noSuch, StripeFailure } from './failures.ts';
import type { Scope, Stored } from './state.ts';

interface Page {
  limit: number;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

interface Range {
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}

export interface ListAnswer<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** The objects of one account and mode, newest first. */
export function newestFirst<T>(table: Map<string, Stored<T>>, scope: Scope): T[] {
  return [...table.values()]
    .filter((row) => row.livemode === scope.livemode && row.account === scope.account)
    .map((row) => row.object)
    .reverse();
}

/** What a list of this call shows, newest first: lists may lack objects that are only some seconds old. */
export function listed<T extends { created: number }>(call: ApiCall, table: Map<string, Stored<T>>): T[] {
  const { simulation, scope } = call;
  const newest = simulation.now() / 1000 - conditionsOf(call).list_lag_seconds;
  return newestFirst(table, scope).filter(({ created }) => created <= newest);
}

/** The row of this id, if it belongs to this account and mode; 404 otherwise. */
export function rowOf<R extends Scope>(
  table: Map<string, R>,
  scope: Scope,
  id: string,
  kind: string,
  param?: string,
): R {
  const row = table.get(id);
  if (!row || row.livemode !== scope.livemode || row.account !== scope.account) throw noSuch(kind, id, param);
  return row;
}

/** True if a time in seconds is in the range. Without a range every time is. */
export function isWithin(seconds: number, range: Range | undefined): boolean {
  if (!range) return true;
  return (
    seconds > (range.gt ?? Number.NEGATIVE_INFINITY) &&
    seconds >= (range.gte ?? Number.NEGATIVE_INFINITY) &&
    seconds < (range.lt ?? Number.POSITIVE_INFINITY) &&
    seconds <= (range.lte ?? Number.POSITIVE_INFINITY)
  );
}

/** One page of `items` (newest first), with Stripe's cursors (docs.stripe.com/api/pagination). */
export function listPage<T extends { id: string }>(items: T[], page: Page, url: string, kind: string): ListAnswer<T> {
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw new StripeFailure('Received both `starting_after` and `ending_before` parameters. Please pass in only one.');
  }
  if (page.ending_before !== undefined) {
    const end = indexOf(items, page.ending_before, kind, 'ending_before');
    const start = Math.max(0, end - page.limit);
    return { object: 'list', data: items.slice(start, end), has_more: start > 0, url };
  }
  const start = page.starting_after === undefined ? 0 : indexOf(items, page.starting_after, kind, 'starting_after') + 1;
  const end = start + page.limit;
  return { object: 'list', data: items.slice(start, end), has_more: end < items.length, url };
}

function indexOf(items: { id: string }[], id: string, kind: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw new StripeFailure(`No such ${kind}: '${id}'`, { code: 'resource_missing', param });
  return index;
}
