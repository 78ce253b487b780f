import { newPaymentLinkToken } from '../../core/ids.ts';
import { insertPaymentLink, type PaymentLink, type WrittenByTriggers } from '../../db/payment-links.ts';
import { auditOf, type Context } from '../context.ts';

/** The members of a payment link that can be set. */
export type LinkContent = Omit<
  PaymentLink,
  'id' | 'token' | 'workspaceId' | WrittenByTriggers | 'createdAt' | 'updatedAt'
>;

/** The values of a new link for members that the request leaves out. */
export const DEFAULTS = {
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

/** A link to create, checked by the caller. Amounts: integer minor units. `amountMinor` null: the buyer enters it. */
export type CreateLink = Pick<LinkContent, 'title' | 'currency' | 'amountMinor'> & Partial<LinkContent>;

/**
 * Creates a payment link in the workspace. `token`: random by default. A token derived from an operation makes the call
 * repeatable: if a link already has the token, that link is returned and nothing is written.
 */
export async function createLink(
  context: Context,
  input: CreateLink & { readonly token?: string },
): Promise<PaymentLink> {
  const { database, shard, workspace } = context;
  const { token = newPaymentLinkToken(shard) } = input;
  const now = context.now();
  return await insertPaymentLink(
    database,
    { ...DEFAULTS, ...input, token, workspaceId: workspace.id, createdAt: now, updatedAt: now },
    auditOf(context, 'payment_link.create', token),
  );
}
