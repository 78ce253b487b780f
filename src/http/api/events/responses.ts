import * as z from 'zod/mini';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { documented } from '../fields.ts';

/** The schema of an event of any type. The OpenAPI document describes each type under the title `WebhookEvent`. */
export const eventSchema = () => documented(z.looseObject({}), { title: 'WebhookEvent' });

/** An event as answers show it: the JSON that its deliveries send. */
export function presentEvent({ body }: ListedEvent): unknown {
  return JSON.parse(body);
}
