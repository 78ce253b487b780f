import * as z from 'zod';
import type { DeliveryMessage } from '../../../src/env.ts';

// Counts what Cloudflare bills of this isolate, as the local runtime knows it.

const answered = z.object({ meta: z.object({ rows_read: z.int(), rows_written: z.int() }) });
const answers = z.union([z.array(answered), answered.transform((one) => [one])]);

const counts = { rowsRead: 0, rowsWritten: 0, objectRowsWritten: 0, messages: 0, logLines: 0 };
/** The results of all queries of objects. */
const cursors = new Set<{ readonly rowsWritten: number }>();

/** The counts so far. Rows of D1 and of the objects include the entries of indexes. */
export function billed(): Readonly<typeof counts> {
  const written = [...cursors].reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
  return { ...counts, objectRowsWritten: counts.objectRowsWritten + written };
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

/** Puts another method in the place of one. Throws where there is none. */
function replaceMethod(object: object, name: string, replacement: (original: Method) => Method): void {
  const original: unknown = Reflect.get(object, name);
  if (typeof original !== 'function') throw new Error(`There is no ${name} to count with`);
  const call: Method = function (...parameters) {
    return Reflect.apply(original, this, parameters);
  };
  Reflect.set(object, name, replacement(call));
}

/**
 * Counts the rows of every query. Not by the results of the queries: those that Drizzle asks for as arrays have no
 * counts. Uses an inner method of workerd's D1 (src/cloudflare/internal/d1-api.ts), and throws where it is gone.
 */
export function countBilledRows(database: D1Database): void {
  const session: object = z.object({ alwaysPrimarySession: z.custom<object>() }).parse(database).alwaysPrimarySession;
  replaceMethod(
    Object.getPrototypeOf(session),
    '_sendOrThrow',
    (send) =>
      async function (...parameters) {
        const answer = await send.apply(this, parameters);
        for (const { meta } of answers.parse(answer)) {
          counts.rowsRead += meta.rows_read;
          counts.rowsWritten += meta.rows_written;
        }
        return answer;
      },
  );
}

/** Counts the rows that an object writes from now on. Setting an alarm is one. Returns the same state. */
export function countObjectRows(state: DurableObjectState): DurableObjectState {
  const { storage } = state;
  const exec = storage.sql.exec.bind(storage.sql);
  const setAlarm = storage.setAlarm.bind(storage);
  storage.sql.exec = <T extends Record<string, SqlStorageValue>>(query: string, ...values: unknown[]) => {
    const cursor = exec<T>(query, ...values);
    cursors.add(cursor);
    return cursor;
  };
  storage.setAlarm = async (at, options) => {
    counts.objectRowsWritten += 1;
    await setAlarm(at, options);
  };
  return state;
}

/** A queue that counts the messages that are sent to it. */
export function countingQueue(queue: Queue<DeliveryMessage>): Queue<DeliveryMessage> {
  return new Proxy(queue, {
    get(target, name) {
      if (name !== 'sendBatch') return Reflect.get(target, name);
      return async (messages: Iterable<MessageSendRequest<DeliveryMessage>>) => {
        const all = [...messages];
        counts.messages += all.length;
        return await target.sendBatch(all);
      };
    },
  });
}

/** Counts the lines of the log. */
export function countLogLines(): void {
  for (const level of ['info', 'warn', 'error'] as const) {
    const write = console[level];
    console[level] = (...data: unknown[]) => {
      counts.logLines += 1;
      write(...data);
    };
  }
}
