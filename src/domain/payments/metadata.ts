import type { Context } from '../context.ts';

/** Keys that begin so are ours; a merchant's own metadata may not. */
export const RESERVED_METADATA_PREFIX = 'softsolz_';

const OPERATION = 'softsolz_operation';
const WORKSPACE = 'softsolz_workspace';
const REFERENCE = 'softsolz_reference';
const LINK = 'softsolz_payment_link';
const REASON = 'softsolz_reason';

/** The merchant's metadata with what lets us find our session again, whatever we have lost. */
export function stripeMetadata(
  context: Context,
  input: {
    readonly operationId: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly reference: string | null;
    readonly paymentLinkToken: string | null;
  },
): Record<string, string> {
  return {
    ...input.metadata,
    [OPERATION]: input.operationId,
    [WORKSPACE]: context.workspace.id,
    ...(input.reference === null ? {} : { [REFERENCE]: input.reference }),
    ...(input.paymentLinkToken === null ? {} : { [LINK]: input.paymentLinkToken }),
  };
}

/** What our metadata on a Stripe object claims. All null: the object is none of ours. */
export interface Claim {
  readonly operationId: string | null;
  readonly workspaceId: string | null;
  readonly reference: string | null;
  readonly paymentLinkToken: string | null;
  /** The merchant's own metadata. */
  readonly metadata: Record<string, string>;
}

/** Reads our metadata back from a Stripe object. */
export function readClaim(metadata: Readonly<Record<string, string>>): Claim {
  const own = Object.entries(metadata).filter(([key]) => !key.startsWith(RESERVED_METADATA_PREFIX));
  return {
    operationId: metadata[OPERATION] ?? null,
    workspaceId: metadata[WORKSPACE] ?? null,
    reference: metadata[REFERENCE] ?? null,
    paymentLinkToken: metadata[LINK] ?? null,
    metadata: Object.fromEntries(own),
  };
}

/** What lets us find our refund again. `reason`: one in the merchant's own words, which Stripe has no place for. */
export function refundMetadata(context: Context, operationId: string, reason: string | null): Record<string, string> {
  return {
    [OPERATION]: operationId,
    [WORKSPACE]: context.workspace.id,
    ...(reason === null ? {} : { [REASON]: reason }),
  };
}

/** The reason that a refund's metadata carries, or null. */
export function reasonIn(metadata: Readonly<Record<string, string>>): string | null {
  return metadata[REASON] ?? null;
}
