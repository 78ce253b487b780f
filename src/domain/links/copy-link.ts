import type { PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';
import { createLink } from './create-link.ts';

/**
 * Creates a payment link in the workspace of `context` with the content of another one, which may be in another workspace.
 * Its payments are not part of it: a limit begins at 0 again. `title`: instead of the source's. The same `token` makes one
 * link, however often it is called.
 */
export async function copyLink(
  context: Context,
  source: PaymentLink,
  { token, title = source.title }: { readonly token: string; readonly title?: string },
): Promise<PaymentLink> {
  const { kind, description, currency, amountMinor, minAmountMinor, suggestedAmountsMinor } = source;
  const { active, showBusinessName, buttonColor, buttonTextColor } = source;
  const { expiresAt, maxPayments, successUrl, inactiveMessage } = source;
  return await createLink(context, {
    ...{ kind, title, description, currency, amountMinor, minAmountMinor, suggestedAmountsMinor },
    ...{ active, showBusinessName, buttonColor, buttonTextColor },
    ...{ expiresAt, maxPayments, successUrl, inactiveMessage },
    token,
  });
}
