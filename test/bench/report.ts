import type { Bundle, Bundles } from './bundles.ts';
import { type Measured, type Timing, TOGETHER } from './measure.ts';
import type { Beside, Endless, Latency, MeasuredDeliveries } from './measure-deliveries.ts';

/** Of one call: D1 round trips, rows written as D1 bills them (index entries included), gate calls, Stripe calls. */
export type Counts = readonly number[];

const NAME_WIDTH = 26;

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(8)).join('');
}

function timingCells(timing: Timing | null): string[] {
  return timing ? [timing.median.toFixed(2), timing.p90.toFixed(2), timing.ratio.toFixed(1)] : ['-', '-', '-'];
}

function countCells(counts: Counts): string[] {
  return counts.map((count) => (Number.isInteger(count) ? String(count) : count.toFixed(1)));
}

function bundleCells({ gzipKilobytes, startUpMs }: Bundle): string[] {
  return [gzipKilobytes.toFixed(1), startUpMs.toFixed(1)];
}

/** Prints the table of times and counts by operation, and the sizes. */
export function printReport(
  bundles: Bundles,
  counts: ReadonlyMap<string, Counts>,
  measured: ReadonlyMap<string, Measured>,
): void {
  const samples = [...measured.values()].reduce((sum, one) => sum + one.samples, 0);
  const times = ['median', 'p90', '×bare'];
  const rows = [...measured].map(([name, { alone, together }]) =>
    line(name, [...timingCells(alone), ...timingCells(together), ...countCells(counts.get(name) ?? [])]),
  );
  console.log(`${line('', ['', 'one by', 'one', '', `${TOGETHER} at`, 'once', '', 'per', 'call'])}
${line('milliseconds', [...times, ...times, 'D1', 'rows', 'gate', 'Stripe'])}
${rows.join('\n')}

×bare: the median over that of a Hono handler with one D1 read, asked in turns with it; ${samples} calls of each in all.
D1: round trips. rows: written, index entries included. gate: calls to the gates. Stripe: calls to its API.

${line('', ['KB gzip', 'load ms'])}
${line('Worker', bundleCells(bundles.index))}
${line('bare handler', bundleCells(bundles.bare))}`);
}

/** Prints what was measured of deliveries. */
export function printDeliveries(measured: MeasuredDeliveries): void {
  const { rate, bareRate, roundTripsPerBatch, alone, besideHanging, besideSlow, burst, gigabytes, drips } = measured;
  const latencyCells = (latency: Latency) => [latency.median.toFixed(1), latency.p99.toFixed(1)];
  const besideCells = (beside: Beside) => [
    ...latencyCells(beside),
    (beside.median / alone.median).toFixed(2),
    (beside.p99 / alone.p99).toFixed(2),
    String(beside.toUnwell),
  ];
  console.log(`1,000 deliveries to 10 endpoints: ${whole(rate)} a second, signed and recorded; the same requests by a bare
loop: ${whole(bareRate)} a second, ${(bareRate / rate).toFixed(1)} times as many. D1 round trips per batch of up to ten: ${roundTripsPerBatch.toFixed(2)}.

${line('milliseconds to arrive', ['median', 'p99', '×median', '×p99', 'to it'])}
${line('nine endpoints', latencyCells(alone))}
${line('beside one that hangs', besideCells(besideHanging))}
${line('beside one that takes 2 s', besideCells(besideSlow))}

to it: the requests that the tenth endpoint got meanwhile.

${burst.count} deliveries at once to one endpoint that answers after 200 ms: ${burst.seconds.toFixed(1)} s; two at a time would take ${whole(burst.twoAtATime)} s.

${gigabytes.answers} answers of 1 GB: ${whole(gigabytes.bytesSent / 2 ** 20)} MB of them were sent before the connection was closed.
${memoryOf(gigabytes)}
${drips.answers} answers of one byte a second without an end: ${drips.bytesSent} bytes were sent before the connection was closed.
${memoryOf(drips)}`);
}

const whole = (value: number) => value.toFixed(0);

function memoryOf({ memoryBefore, memoryMost, memoryAfter }: Endless): string {
  return `Memory of the runtime before, at most, after: ${[memoryBefore, memoryMost, memoryAfter].map(whole).join(' → ')} MB.`;
}
