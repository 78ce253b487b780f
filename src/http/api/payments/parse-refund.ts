import type { ErrorDetail } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { resolveAmount } from '../../../core/money/money.ts';
import { hasVisibleText } from '../../../core/text.ts';
import type { RefundWanted } from '../../../domain/payments/refund-payment.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { newRefundSchema } from './schema.ts';

/**
 * The body of `POST /payments/:id/refunds`, or all faults that need no look at the payment. `amount` is refused, not ignored:
 * who sends it wants a part back, and without `amount_cents` all would go.
 */
export function parseRefund(body: JsonObject): Parsed<RefundWanted> {
  const parsed = newRefundSchema.safeParse(body);
  const issues = parsed.error?.issues ?? [];
  const faults: ErrorDetail[] = [
    ...amountFaults(body),
    ...issues.map(({ path, message }) => ({ path: path.join('.'), code: 'validation_failed' as const, message })),
  ];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  const { amount_cents: amountMinor, reason } = parsed.data;
  return {
    ok: true,
    input: {
      amountMinor: typeof amountMinor === 'number' ? amountMinor : null,
      reason: typeof reason === 'string' && hasVisibleText(reason) ? reason : null,
    },
  };
}

function amountFaults({ amount_cents, amount }: JsonObject): ErrorDetail[] {
  const refusal = (path: string, message: string): ErrorDetail => ({ path, code: 'invalid_amount', message });
  // The currency is the payment's, which is not known yet.
  const judged = amount_cents === undefined || amount_cents === null ? null : resolveAmount({ amount_cents }, null);
  return [
    ...(judged === null || judged.ok ? [] : judged.faults.map(({ field, message }) => refusal(field, message))),
    ...(amount === undefined || amount === null
      ? []
      : [refusal('amount', 'amount is not taken here: send amount_cents, a positive integer in minor units.')]),
  ];
}
