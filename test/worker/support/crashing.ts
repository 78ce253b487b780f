import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { type Around, wrapD1, wrapNamespace } from './counting.ts';
import type { BindingChanges } from './direct.ts';
import { stripeOf } from './scripted-stripe.ts';

export interface Crash {
  /** Counted over everything the Worker asks of the outside: database, gate and Stripe, from 1. */
  readonly step: number;
  readonly when: 'before' | 'after';
}

/** Both crashes of every step up to the last. */
export const crashesUpTo = (steps: number): Crash[] =>
  Array.from({ length: steps }, (_, index) => index + 1).flatMap((step) => [
    { step, when: 'before' },
    { step, when: 'after' },
  ]);

/**
 * Lets a Worker that ends at this step, done or not, take a request: from there on it reaches nothing any more. Answers the
 * number of steps.
 */
export async function runUntil(
  { step, when }: Crash,
  request: (bindings: BindingChanges) => Promise<unknown>,
): Promise<number> {
  let steps = 0;
  let ended = false;
  const around: Around = async (call) => {
    steps += 1;
    const last = steps === step;
    if (ended || (last && when === 'before')) {
      ended = true;
      throw new Error('D1_ERROR: Network connection lost.');
    }
    const answer = await call();
    if (last) {
      ended = true;
      throw new Error('D1_ERROR: Network connection lost.');
    }
    return answer;
  };
  stripeOf((asked, real) => around(() => real(asked)));
  await request({
    DB: wrapD1(env.DB, around),
    WORKSPACE_GATE: wrapNamespace(env.WORKSPACE_GATE, (_, call) => around(call)),
  });
  vi.restoreAllMocks();
  return steps;
}
