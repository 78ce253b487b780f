import { firstRowId, newPaymentLinkToken } from '../../core/ids.ts';
import { insertPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import { auditOf, type Context } from '../context.ts';

/** What its merchant says of a link. */
export type LinkContent = Omit<PaymentLink, 'id' | 'token' | 'workspaceId' | 'createdAt' | 'updatedAt'>;

/** What a link is unless it says otherwise. */
const DEFAULTS = {
  kind: 'button',
  description: null,
  minAmountMinor: null,
  active: true,
  showBusinessName: false,
  buttonColor: null,
  buttonTextColor: null,
  expiresAt: null,
  maxPayments: null,
  soldOutAt: null,
  successUrl: null,
  inactiveMessage: null,
  suggestedAmountsMinor: null,
} as const satisfies Partial<LinkContent>;

/** A link's content, checked by the caller. Amounts in integer minor units; `amountMinor` null: the buyer enters it. */
export type CreateLink = Pick<LinkContent, 'title' | 'currency' | 'amountMinor'> & Partial<LinkContent>;

/**
 * A new payment link of the workspace. `token`: nobody can guess it; one derived from an operation makes the call
 * repeatable, since a link that has the token already is answered as it is.
 */
export async function createLink(
  context: Context,
  input: CreateLink,
  token = newPaymentLinkToken(context.shard),
): Promise<PaymentLink> {
  const { database, shard, workspace } = context;
  const now = context.now();
  return await insertPaymentLink(
    database,
    { ...DEFAULTS, ...input, token, workspaceId: workspace.id, createdAt: now, updatedAt: now },
    firstRowId(shard),
    auditOf(context, 'payment_link.create', token),
  );
}
