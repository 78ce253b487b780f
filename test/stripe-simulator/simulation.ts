import type { ConditionBook } from './conditions.ts';
import type { EventDelivery } from './event-delivery.ts';
import type { FaultBook } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { State } from './state.ts';

/** The API version of the simulated platform and its event endpoints. */
export const API_VERSION = '2026-10-28.endive';

/** What the parts of the simulator share. */
export interface Simulation {
  readonly baseUrl: string;
  readonly state: State;
  readonly faults: FaultBook;
  readonly conditions: ConditionBook;
  readonly requests: RequestLog;
  readonly delivery: EventDelivery;
  /** Simulated time in ms, with the offset of `/_control/clock`. */
  now(): number;
  /** Call it after every change, so that the change is saved. */
  changed(): void;
}

/** Simulated time in whole seconds, as in Stripe's objects. */
export function nowSeconds(simulation: Simulation): number {
  return Math.floor(simulation.now() / 1000);
}
