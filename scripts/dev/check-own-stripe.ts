import * as z from 'zod';
import { STRIPE_URL } from './demo-document.ts';
import type { OwnStripe } from './stripe-choice.ts';

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

/** What is wrong with the developer's own key and account, in Stripe's words, or null when they work together. */
export async function ownStripeFault({ secretKey, account }: OwnStripe): Promise<string | null> {
  try {
    const response = await fetch(`${STRIPE_URL}/v1/accounts/${account}`, {
      headers: { Authorization: `Bearer ${secretKey}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (response.ok) return null;
    const answer = errorSchema.safeParse(await response.json());
    const reason = answer.success ? answer.data.error.message : `it answered ${response.status}`;
    return `Stripe does not take STRIPE_SECRET_KEY_TEST with STRIPE_CONNECTED_ACCOUNT_TEST: ${reason}`;
  } catch {
    return 'Stripe cannot be reached: payments will fail until it can.';
  }
}
