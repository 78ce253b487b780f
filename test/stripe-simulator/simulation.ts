import type { EventDelivery } from './event-delivery.ts';
import type { FaultBook } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { State } from './state.ts';

/** The API version the simulated platform and its event endpoints are on. */
export const API_VERSION = '2026-10-28.endive';

/** What the simulator's parts share. */
export interface Simulation {
  readonly baseUrl: string;
  readonly state: State;
  readonly faults: FaultBook;
  readonly requests: RequestLog;
  readonly delivery: EventDelivery;
  /** Simulated time in ms, with the clock control's offset. */
  now(): number;
  /** To be called after every change, so that it is saved. */
  changed(): void;
}

/** Simulated time in whole seconds, as Stripe writes it. */
export function nowSeconds(simulation: Simulation): number {
  return Math.floor(simulation.now() / 1000);
}
