import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type DeliveryAttempt, deliveries } from './schema.ts';

/** How many attempts of a delivery are kept, the latest ones: twice the ten that it has at most until it is sent again. */
const KEPT_ATTEMPTS = 20;

/**
 * SQL for a delivery's attempts with this one added. If an attempt of this number is recorded already, because another
 * run made it after the claim of this run had ended, that one stays and this one is dropped.
 */
export function withAttempt(attempt: DeliveryAttempt): SQL {
  const { attempts } = deliveries;
  const others = sql`CASE WHEN json_array_length(${attempts}) < ${KEPT_ATTEMPTS} THEN ${attempts}
    ELSE json_remove(${attempts}, '$[0]') END`;
  return sql`CASE WHEN coalesce(${attempts} ->> '$[#-1].number', 0) < ${attempt.number}
    THEN json_insert(${others}, '$[#]', json(${JSON.stringify(attempt)})) ELSE ${attempts} END`;
}

/** SQL for these attempts with `answer` in place of what the endpoint answered to each. */
export function withAnswers(attempts: SQLWrapper, answer: SQL): SQL {
  return sql`(SELECT json_group_array(json_set(value, '$.responseBody', ${answer}) ORDER BY key) FROM json_each(${attempts}))`;
}
