import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type DeliveryAttempt, deliveries } from './schema.ts';

/** How many attempts of a delivery are kept, the latest ones: twice the ten that it has at most until it is sent again. */
const KEPT_ATTEMPTS = 20;

/** SQL for a delivery's attempts with this one added, as the number `attemptCount` + 1. */
export function withAttempt(attempt: Omit<DeliveryAttempt, 'number'>): SQL {
  const { attempts, attemptCount } = deliveries;
  const others = sql`CASE WHEN json_array_length(${attempts}) < ${KEPT_ATTEMPTS} THEN ${attempts}
    ELSE json_remove(${attempts}, '$[0]') END`;
  const added = sql`json_set(${JSON.stringify(attempt)}, '$.number', ${attemptCount} + 1)`;
  return sql`json_insert(${others}, '$[#]', ${added})`;
}

/** SQL for these attempts with `answer` in place of what the endpoint answered to each. */
export function withAnswers(attempts: SQLWrapper, answer: SQL): SQL {
  return sql`(SELECT json_group_array(json_set(value, '$.responseBody', ${answer}) ORDER BY key) FROM json_each(${attempts}))`;
}
