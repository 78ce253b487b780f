import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { type Around, wrapD1, wrapNamespace } from './counting.ts';
import type { BindingChanges } from './direct.ts';
import { stripeOf } from './scripted-stripe.ts';

/** The numbers from the first up to the last. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/**
 * Lets a Worker that ends after so many steps take a request: what it asks of the database, the gate and Stripe from then on
 * is not done. (A Worker that ends before a step leaves what one leaves that ended after the step before.) Answers how many
 * steps it began.
 */
export async function endAfter(
  steps: number,
  request: (bindings: BindingChanges) => Promise<unknown>,
): Promise<number> {
  let begun = 0;
  const around: Around = async (call) => {
    begun += 1;
    const position = begun;
    const lost = new Error('D1_ERROR: Network connection lost.');
    if (position > steps) throw lost;
    const answer = await call();
    // Of the last step, the answer is lost.
    if (position === steps) throw lost;
    return answer;
  };
  stripeOf((asked, real) => around(() => real(asked)));
  await request({
    ...wrapD1(env, around),
    WORKSPACE_GATE: wrapNamespace(env.WORKSPACE_GATE, (_, call) => around(call)),
  });
  vi.restoreAllMocks();
  return begun;
}
