import type { Context } from '../context.ts';

/** Metadata keys with this prefix are ours; a merchant's own metadata may not use it. */
export const RESERVED_METADATA_PREFIX = 'softsolz_';

const OPERATION = 'softsolz_operation';
const WORKSPACE = 'softsolz_workspace';
const REFERENCE = 'softsolz_reference';
const LINK = 'softsolz_payment_link';
const REASON = 'softsolz_reason';

/** The metadata of a Stripe session: the merchant's, and ours, from which a lost row can be written again. */
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

/** What our metadata on a Stripe object says. `operationId` null: the object is not ours. */
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

/** The metadata by which we find our refund again. `reason`: the merchant's own text, which Stripe's field does not accept. */
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
