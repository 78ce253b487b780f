import * as z from 'zod/mini';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { documented } from '../fields.ts';

/** An event of any type, as webhooks send it. The document describes each type under this title. */
export const eventSchema = () => documented(z.looseObject({}), { title: 'Event' });

/** The envelope as every delivery sends it. */
export function presentEvent({ body }: ListedEvent): unknown {
  return JSON.parse(body);
}
