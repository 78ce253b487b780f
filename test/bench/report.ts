import { BARE } from './bare.ts';
import type { Bundles } from './bundles.ts';
import type { BenchCase } from './cases.ts';
import type { Counts } from './count.ts';
import { ALONE, type Measured, type Timing, TOGETHER, WAVES } from './measure.ts';
import type { Beside, Endless, Latency, MeasuredDeliveries } from './measure-deliveries.ts';

const NAME_WIDTH = 26;
const DELIVERY_WIDTH = 28;
const SIZE_LIMIT_KB = 200;
const PAINT_GOAL = 0.6;

/** ` goal ≤ 2: met`, or nothing if there is no goal. The value is rounded to `digits` first, as it is printed. */
function verdict(value: number, goal: number | undefined, digits: number): string {
  if (goal === undefined) return '';
  return `  goal ≤ ${goal}: ${Number(value.toFixed(digits)) <= goal ? 'met' : 'NOT MET'}`;
}

/** Prints size and start-up of the Worker, beside those of the bare handlers. */
export function printSizes({ index, bare }: Bundles): void {
  const print = (what: string, found: string) => console.log(`${what.padEnd(NAME_WIDTH)}${found}`);
  const size = verdict(index.gzipKilobytes, SIZE_LIMIT_KB, 1);
  print('size', `${kilobytes(index.gzipKilobytes)}; the bare handlers: ${kilobytes(bare.gzipKilobytes)}${size}`);
  print(
    'start-up',
    `${milliseconds(index.startUpCpuMs)} of processor time in a fresh isolate; the bare handlers: ${milliseconds(bare.startUpCpuMs)}; Cloudflare allows 1 s`,
  );
}

export const COUNTS_EXPLAINED = `hops: calls to D1, gates (Durable Objects) and Stripe that the answer waits for one after another. Calls at the same time
are one hop. D1: all round trips. rows: rows written to D1, with index entries.`;

/** Prints one line: what one request of a case costs. */
export function printCounts(
  { name, goals }: BenchCase,
  { hops, roundTrips, rowsWritten, gateCalls, stripe }: Counts,
): void {
  const calls = `D1 ${count(roundTrips)}, rows ${count(rowsWritten)}, gates ${count(gateCalls)}, Stripe ${count(stripe)}`;
  console.log(
    `${name.padEnd(NAME_WIDTH)}${count(hops)} ${hops === 1 ? 'hop ' : 'hops'}${verdict(hops, goals?.hops, 1).padEnd(20)}  ${calls}`,
  );
}

export const TIMES_EXPLAINED = `Medians of up to ${ALONE} requests one by one, and of up to ${WAVES} times ${TOGETHER} at once. The bare handlers
(Hono, test/bench/workers/bare.ts) are called in turns with the Worker, so that what disturbs one disturbs both.`;

/** Prints the times of a case: one line for requests one by one, one line for several at once. */
export function printTimes({ name, bare, goals }: BenchCase, { alone, together }: Measured): void {
  const timing = (how: string, { median, p90, bareMedian }: Timing, goal?: number) => {
    const ratio = median / bareMedian;
    const floor = `${ratio.toFixed(2)} × ${BARE[bare]} (${milliseconds(bareMedian)})`;
    console.log(
      `${name.padEnd(NAME_WIDTH)}${how.padEnd(11)}${milliseconds(median)}, p90 ${milliseconds(p90)} = ${floor}${verdict(ratio, goal, 2)}`,
    );
  };
  timing('one by one', alone, goals?.timesBare);
  if (together) timing(`${TOGETHER} at once`, together);
}

/** Prints the time to the first content of a page as a ratio to the same page with its style sheet as a file. */
export function printPaint(name: string, ratio: number): void {
  const found = `first content after ${ratio.toFixed(2)} × the time with the style sheet as a file`;
  console.log(`${name.padEnd(NAME_WIDTH)}${found}${verdict(ratio, PAINT_GOAL, 2)}`);
}

const count = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
const kilobytes = (value: number) => `${value.toFixed(1)} KB gzip`;
const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** Prints the measurements of deliveries, one line per number. */
export function printDeliveries(measured: MeasuredDeliveries): void {
  const { rate, bareRate, roundTripsPerBatch, alone, besideHanging, besideSlow, burst, gigabytes, drips } = measured;
  const print = (what: string, found: string) => console.log(`${what.padEnd(DELIVERY_WIDTH)}${found}`);
  const arrival = ({ median, p99 }: Latency) => `median ${milliseconds(median)}, p99 ${milliseconds(p99)}`;
  const beside = (other: Beside) =>
    `${arrival(other)} = ${times(other.median, alone.median)} and ${times(other.p99, alone.p99)} × all well; the tenth received ${other.toUnwell} requests`;
  const sent = ({ answers, bytesSent }: Endless) =>
    `${megabytes(bytesSent)} sent by ${answers} endpoints before we close the connection`;
  const memory = ({ memoryBefore, memoryMost, memoryAfter }: Endless) =>
    `${[memoryBefore, memoryMost, memoryAfter].map(whole).join(' → ')} MB in the runtime: before, at most, after`;
  print(
    '1,000 to ten endpoints',
    `${whole(rate)} a second, signed and recorded; a bare loop of the same requests: ${whole(bareRate)} = ${times(bareRate, rate)} × as many`,
  );
  print('D1 round trips', `${roundTripsPerBatch.toFixed(2)} per batch of up to ten`);
  print('arrival at nine, all well', arrival(alone));
  print('… while a tenth hangs', beside(besideHanging));
  print('… while a tenth takes 2 s', beside(besideSlow));
  print(
    `${burst.count} at once to a slow one`,
    `${burst.seconds.toFixed(1)} s where each takes 200 ms; two at a time would take ${whole(burst.twoAtATime)} s`,
  );
  print('answers of 1 GB', sent(gigabytes));
  print('', memory(gigabytes));
  print('answers without an end', `${sent(drips)}, at one byte a second`);
  print('', memory(drips));
}

const whole = (value: number) => value.toFixed(0);
const times = (value: number, other: number) => (value / other).toFixed(1);
const megabytes = (bytes: number) => (bytes < 2 ** 20 ? `${bytes} bytes` : `${whole(bytes / 2 ** 20)} MB`);
