import { passDeadlines } from './resources/account-outcomes.ts';
import { endSessionsInTime } from './resources/payments.ts';
import type { Simulation } from './simulation.ts';

/** Does what is due at the simulated time: sessions expire, bank payments settle, requirements of accounts become past due. */
export function applyTime(simulation: Simulation): void {
  endSessionsInTime(simulation);
  passDeadlines(simulation);
}
