import { type DaySum, readDaySums } from '../../db/payment-totals.ts';
import type { Context } from '../context.ts';

/** A day of a reader. `date`: `YYYY-MM-DD` in their time zone. `from`: when it begins, `until`: when the next one begins, unix ms. */
export interface Day {
  readonly date: string;
  readonly from: number;
  readonly until: number;
}

/** Amounts in integer minor units. `paidMinor`: of `count` payments that have succeeded, also where they were refunded. */
export interface Totals {
  readonly count: number;
  readonly paidMinor: number;
  readonly refundedMinor: number;
}

/** `date`: that of the day that was asked for. */
export interface DayTotals extends Totals {
  readonly date: string;
}

/** What came in in one currency. `days`: all that were asked for, also those without payments. `today`: the last one. */
export interface CurrencyTotals {
  readonly currency: string;
  readonly today: DayTotals;
  readonly all: Totals;
  readonly days: readonly DayTotals[];
}

/**
 * What came in to this workspace on these days, by currency: the one with the most payments first, none where there were no
 * payments and no refunds. A payment counts on the day on which its session was made, as lists show it, and a refund on the day
 * on which it was made. So a day, and also all of them, can have more refunded than paid.
 *
 * `days`: at most 60, each the next one of the one before, the last one is today. They need not have 24 hours.
 *
 * Reads an entry of an index for each payment of these days: it is the only read of the app that grows with them, so keep the answer
 * for a minute. It is plain JSON.
 */
export async function readTotals(
  context: Pick<Context, 'database' | 'workspace' | 'shard'>,
  days: readonly [Day, ...Day[]],
): Promise<readonly CurrencyTotals[]> {
  const owner = { workspaceId: context.workspace.id, shard: context.shard };
  const [{ from }] = days;
  const { paid, refunded } = await readDaySums(context.database, owner, { from, ends: days.map(({ until }) => until) });
  const currencies = [...new Set([...paid, ...refunded].map(({ currency }) => currency))];
  return currencies
    .map((currency) => totalsOf(currency, days, paid.filter(isOf(currency)), refunded.filter(isOf(currency))))
    .sort((one, other) => other.all.count - one.all.count || (one.currency < other.currency ? -1 : 1));
}

const isOf = (currency: string) => (sum: DaySum) => sum.currency === currency;
const isOn = (day: number) => (sum: DaySum) => sum.day === day;

function totalsOf(
  currency: string,
  days: readonly [Day, ...Day[]],
  paid: readonly DaySum[],
  refunded: readonly DaySum[],
): CurrencyTotals {
  const dayOf = ({ date }: Day, day: number): DayTotals => ({
    date,
    ...totalsFrom(paid.filter(isOn(day)), refunded.filter(isOn(day))),
  });
  const last = days.length - 1;
  const today = dayOf(days[last] ?? days[0], last);
  return { currency, today, all: totalsFrom(paid, refunded), days: days.map(dayOf) };
}

function totalsFrom(paid: readonly DaySum[], refunded: readonly DaySum[]): Totals {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    count: sum(paid.map(({ count }) => count)),
    paidMinor: sum(paid.map(({ amountMinor }) => amountMinor)),
    refundedMinor: sum(refunded.map(({ amountMinor }) => amountMinor)),
  };
}
