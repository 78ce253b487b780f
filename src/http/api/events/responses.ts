import * as z from 'zod/mini';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { documented } from '../fields.ts';

/** An event of any type in answers. The document describes each type under this title. */
export const eventSchema = () => documented(z.looseObject({}), { title: 'Event' });

/** An event with the same body that its deliveries send. */
export function presentEvent({ body }: ListedEvent): unknown {
  return JSON.parse(body);
}
