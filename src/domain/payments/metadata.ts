import type { Context } from '../context.ts';

/** Metadata keys with this prefix are ours; a merchant's own metadata may not use the prefix. */
export const RESERVED_METADATA_PREFIX = 'softsolz_';

const OPERATION = 'softsolz_operation';
const WORKSPACE = 'softsolz_workspace';
const REFERENCE = 'softsolz_reference';
const LINK = 'softsolz_payment_link';
const REASON = 'softsolz_reason';

/** The metadata of a Stripe session: the merchant's, and ours, from which `adoptSession` makes a missing payment. */
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

/** The metadata of a Stripe object; null for a missing key. Without `operationId` the object was not made by us. */
export interface Claim {
  readonly operationId: string | null;
  readonly workspaceId: string | null;
  readonly reference: string | null;
  readonly paymentLinkToken: string | null;
  /** The merchant's own metadata. */
  readonly metadata: Record<string, string>;
}

/** Reads the metadata of a Stripe object, separating ours from the merchant's. */
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

/** The metadata by which an operation finds its refund at Stripe. `reason`: the merchant's own text, or null. */
export function refundMetadata(context: Context, operationId: string, reason: string | null): Record<string, string> {
  return {
    [OPERATION]: operationId,
    [WORKSPACE]: context.workspace.id,
    ...(reason === null ? {} : { [REASON]: reason }),
  };
}

/** The merchant's own reason in a refund's metadata; null if the metadata has none. */
export function reasonIn(metadata: Readonly<Record<string, string>>): string | null {
  return metadata[REASON] ?? null;
}
