import { firstRowId, newPaymentLinkToken } from '../../core/ids.ts';
import { insertPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import { auditOf, type Context } from '../context.ts';

/** What a merchant decides about a link. */
export type LinkContent = Omit<PaymentLink, 'id' | 'token' | 'workspaceId' | 'createdAt' | 'updatedAt'>;

/** What a link is where the request says nothing else. */
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

/** A link's content, checked by the caller. Amounts are integer minor units; `amountMinor` null: the buyer enters the amount. */
export type CreateLink = Pick<LinkContent, 'title' | 'currency' | 'amountMinor'> & Partial<LinkContent>;

/**
 * Makes a payment link of the workspace. `token`: a random one, or one derived from an operation; then the call is repeatable,
 * because the link that already has the token is returned as it is.
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
    firstRowId(shard),
    auditOf(context, 'payment_link.create', token),
  );
}
