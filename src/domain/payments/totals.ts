import { type DaySum, readDaySums } from '../../db/payment-totals.ts';
import type { Context } from '../context.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
/** How many days the totals have, today included. */
const DAYS = 30;

/** Amounts in integer minor units. `paidMinor`: of `count` payments that have succeeded, also where they were refunded. */
export interface Totals {
  readonly count: number;
  readonly paidMinor: number;
  readonly refundedMinor: number;
}

/** `date`: `YYYY-MM-DD` in the time zone that was asked for. */
export interface DayTotals extends Totals {
  readonly date: string;
}

/** What came in in one currency. `days`: all 30, the oldest first, also those without payments. */
export interface CurrencyTotals {
  readonly currency: string;
  readonly today: DayTotals;
  readonly all: Totals;
  readonly days: readonly DayTotals[];
}

/**
 * What came in to this workspace in the last 30 days, today included, by currency: the one with the most payments first, none
 * where there were no payments and no refunds. A payment counts on the day on which its session was made, as lists show it, and a
 * refund on the day on which it was made. So a day, and also all of them, can have more refunded than paid.
 *
 * `offsetMinutes`: how many minutes the time zone is ahead of UTC, such as 60 for Berlin in winter; it is the same for all days.
 *
 * Reads an entry of an index for each payment of these days: it is the only read of the app that grows with them, so keep the answer
 * for a minute. It is plain JSON.
 */
export async function readTotals(
  context: Pick<Context, 'database' | 'workspace' | 'shard' | 'now'>,
  offsetMinutes = 0,
): Promise<readonly CurrencyTotals[]> {
  const offset = offsetMinutes * MINUTE_MS;
  const today = Math.floor((context.now() + offset) / DAY_MS) * DAY_MS;
  const first = today - (DAYS - 1) * DAY_MS;
  const owner = { workspaceId: context.workspace.id, shard: context.shard };
  const { paid, refunded } = await readDaySums(context.database, owner, first - offset);
  const currencies = [...new Set([...paid, ...refunded].map(({ currency }) => currency))];
  return currencies
    .map((currency) => totalsOf(currency, first, paid.filter(isOf(currency)), refunded.filter(isOf(currency))))
    .sort((one, other) => other.all.count - one.all.count || (one.currency < other.currency ? -1 : 1));
}

const isOf = (currency: string) => (sum: DaySum) => sum.currency === currency;
const isOn = (day: number) => (sum: DaySum) => sum.day === day;

/** `first`: the first day's midnight as if it were in UTC, unix ms. */
function totalsOf(
  currency: string,
  first: number,
  paid: readonly DaySum[],
  refunded: readonly DaySum[],
): CurrencyTotals {
  const dayOf = (day: number): DayTotals => ({
    date: new Date(first + day * DAY_MS).toISOString().slice(0, 10),
    ...totalsFrom(paid.filter(isOn(day)), refunded.filter(isOn(day))),
  });
  const days = Array.from({ length: DAYS }, (_, day) => dayOf(day));
  return { currency, today: dayOf(DAYS - 1), all: totalsFrom(paid, refunded), days };
}

function totalsFrom(paid: readonly DaySum[], refunded: readonly DaySum[]): Totals {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    count: sum(paid.map(({ count }) => count)),
    paidMinor: sum(paid.map(({ amountMinor }) => amountMinor)),
    refundedMinor: sum(refunded.map(({ amountMinor }) => amountMinor)),
  };
}
