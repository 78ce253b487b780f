import type { Dispute } from '../../db/disputes.ts';
import type { Payment, PaymentStatus } from '../../db/payments.ts';
import type { Refund } from '../../db/refunds.ts';

/** Something that happened to a payment: its session was made, or it, a refund or a dispute got a status. `at`: unix ms. */
export type PaymentMoment =
  | { readonly kind: 'session'; readonly at: number }
  | { readonly kind: 'payment'; readonly at: number; readonly status: PaymentStatus }
  | { readonly kind: 'refund'; readonly at: number; readonly status: Refund['status']; readonly refund: Refund }
  | { readonly kind: 'dispute'; readonly at: number; readonly state: 'opened' | 'closed'; readonly dispute: Dispute };

/** A payment with its refunds and disputes, each oldest first. */
interface PaymentRows {
  readonly payment: Pick<Payment, 'createdAt' | 'history'>;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** The history of a payment, oldest first. Within one second: session, payment, refunds, opened disputes, closed disputes. */
export function historyOf({ payment, refunds, disputes }: PaymentRows): PaymentMoment[] {
  return inOrderOfTime<PaymentMoment>([
    { kind: 'session', at: payment.createdAt },
    ...payment.history.map(({ status, at }) => ({ kind: 'payment' as const, status, at })),
    ...refunds.flatMap((refund) =>
      refundHistory(refund).map((state) => ({ kind: 'refund' as const, ...state, refund })),
    ),
    ...disputes.map((dispute) => ({
      kind: 'dispute' as const,
      state: 'opened' as const,
      at: dispute.createdAt,
      dispute,
    })),
    ...disputes.flatMap((dispute) =>
      dispute.closedAt === null
        ? []
        : [{ kind: 'dispute' as const, state: 'closed' as const, at: dispute.closedAt, dispute }],
    ),
  ]);
}

/** Sorts by whole seconds, as Stripe's times are: what happened within one second stays in the order that it is given in. */
export function inOrderOfTime<T extends { readonly at: number }>(moments: readonly T[]): T[] {
  const seconds = ({ at }: T) => Math.floor(at / 1000);
  return moments.toSorted((left, right) => seconds(left) - seconds(right));
}

/** The statuses of a refund. Where only the last is known, it began with its last change, or with its creation. */
function refundHistory(refund: Refund): Refund['history'] {
  const { status, history, createdAt, updatedAt } = refund;
  const isOver = status === 'failed' || status === 'canceled';
  return history.length > 0 ? history : [{ status, at: isOver ? updatedAt : createdAt }];
}
