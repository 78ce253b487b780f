import * as z from 'zod/mini';
import { canonicalEmail } from '../core/email.ts';
import type {
  StripeCharge,
  StripeCheckoutSession,
  StripeDispute,
  StripePaymentMethod,
  StripeRefund,
  StripeTraces,
} from './gateway.ts';
import { methodName } from './method-names.ts';

/** Thrown for an object without the shape that Stripe documents. `faults`: its wrong members, never their values. */
export class MisshapenObject extends Error {
  readonly faults: readonly string[];

  constructor(cause: z.core.$ZodError) {
    const faults = cause.issues.map(({ path, code }) => `${['object', ...path].join('.')}: ${code}`);
    super(`The object has not the shape that Stripe documents: ${faults.join(', ')}`, { cause });
    this.name = 'MisshapenObject';
    this.faults = faults;
  }
}

/** Reads an object with a schema. Throws MisshapenObject. */
export function read<T>(schema: z.ZodMiniType<T>, object: unknown): T {
  const { data, error } = schema.safeParse(object);
  if (error) throw new MisshapenObject(error);
  return data;
}

/** The id of any Stripe object. */
export const stripeId = z.string().check(z.minLength(1));

/** Unix seconds up to the year 9999: RFC 3339 cannot write a later time. */
export const stripeSeconds = z.int().check(z.minimum(0), z.maximum(253_402_300_799));

const maybeText = z.nullish(z.string());
const reference = z.nullish(z.union([z.string(), z.object({ id: z.string(), status: maybeText })]));
const metadata = z.nullish(z.record(z.string(), z.string()));

type Reference = z.output<typeof reference>;

function idOf(value: Reference): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : value.id;
}

function statusOf(status: string | null | undefined): StripeCheckoutSession['status'] {
  return status === 'complete' || status === 'expired' ? status : 'open';
}

const checkoutSession = z.object({
  id: stripeId,
  url: maybeText,
  client_secret: maybeText,
  status: maybeText,
  payment_status: z.string(),
  payment_intent: reference,
  amount_total: z.nullish(z.int()),
  currency: maybeText,
  customer_details: z.nullish(z.object({ email: maybeText })),
  customer_email: maybeText,
  metadata,
  created: stripeSeconds,
  expires_at: stripeSeconds,
});

/**
 * Checks and converts Stripe's session (docs.stripe.com/api/checkout/sessions/object). `paid` is true only for
 * `payment_status: paid`. Throws MisshapenObject for another shape.
 */
export function toCheckoutSession(object: unknown): StripeCheckoutSession {
  const session = read(checkoutSession, object);
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const email = session.customer_details?.email ?? session.customer_email ?? null;
  return {
    id: session.id,
    url: session.url ?? null,
    clientSecret: session.client_secret ?? null,
    status: statusOf(session.status),
    paymentFailed: intent?.status === 'requires_payment_method' || intent?.status === 'canceled',
    paid: session.payment_status === 'paid',
    amountMinor: session.amount_total ?? null,
    currency: session.currency?.toUpperCase() ?? null,
    paymentIntentId: idOf(session.payment_intent),
    customerEmail: email === null ? null : canonicalEmail(email),
    metadata: session.metadata ?? {},
    createdAt: session.created * 1000,
    expiresAt: session.expires_at * 1000,
  };
}

const methodDetails = z.looseObject({ type: z.string() });
const sessionWithCharge = z.object({
  payment_intent: z.nullish(
    z.object({ latest_charge: z.nullish(z.object({ payment_method_details: z.nullish(methodDetails) })) }),
  ),
});
const methodOfType = z.object({
  brand: maybeText,
  last4: maybeText,
  wallet: z.nullish(z.object({ type: z.string() })),
});

/**
 * Checks and converts the payment method of a session that was read with `payment_intent.latest_charge`. null: it has no
 * charge, or nothing that names the method. Throws MisshapenObject for another shape.
 */
export function toPaymentMethod(object: unknown): StripePaymentMethod | null {
  const details = read(sessionWithCharge, object).payment_intent?.latest_charge?.payment_method_details;
  if (!details) return null;
  const { brand, last4, wallet } = read(methodOfType, details[details.type] ?? {});
  const names = details.type === 'card' ? [wallet?.type, brand] : [details.type];
  const known = names.flatMap((name) => (name && name !== 'unknown' ? [methodName(name)] : []));
  const method = { name: known.join(' · ') || null, last4: last4 || null };
  return method.name === null && method.last4 === null ? null : method;
}

const refund = z.object({
  id: stripeId,
  payment_intent: reference,
  amount: z.int(),
  currency: z.string(),
  status: maybeText,
  reason: maybeText,
  failure_reason: maybeText,
  metadata,
  created: stripeSeconds,
});

/** Checks and converts Stripe's refund (docs.stripe.com/api/refunds/object). Throws MisshapenObject for another shape. */
export function toRefund(object: unknown): StripeRefund {
  const stored = read(refund, object);
  return {
    id: stored.id,
    paymentIntentId: idOf(stored.payment_intent),
    amountMinor: stored.amount,
    currency: stored.currency.toUpperCase(),
    status: stored.status ?? null,
    reason: stored.reason ?? null,
    failureReason: stored.failure_reason ?? null,
    metadata: stored.metadata ?? {},
    createdAt: stored.created * 1000,
  };
}

const charge = z.object({ id: stripeId, payment_intent: reference, metadata });

/** Checks and converts Stripe's charge (docs.stripe.com/api/charges/object). Throws MisshapenObject for another shape. */
export function toCharge(object: unknown): StripeCharge {
  const { id, payment_intent, metadata: carried } = read(charge, object);
  return { id, paymentIntentId: idOf(payment_intent), metadata: carried ?? {} };
}

const dispute = z.object({
  id: stripeId,
  payment_intent: reference,
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string(),
  created: stripeSeconds,
});

/** Checks and converts Stripe's dispute (docs.stripe.com/api/disputes/object). Throws MisshapenObject for another shape. */
export function toDispute(object: unknown): StripeDispute {
  const { id, payment_intent, amount, currency, status, reason, created } = read(dispute, object);
  return {
    id,
    paymentIntentId: idOf(payment_intent),
    amountMinor: amount,
    currency: currency.toUpperCase(),
    status,
    reason,
    createdAt: created * 1000,
  };
}

const found = { id: z.catch(z.nullable(z.string()), null), metadata: z.catch(z.record(z.string(), z.unknown()), {}) };
const traces = z.object({ ...found, payment_intent: z.catch(reference, null) });

/**
 * The id, payment intent id and metadata of a Stripe object of any shape, to recognize it as ours. A missing id is
 * null; missing metadata is an empty object. Never throws.
 */
export function tracesOf(object: unknown): StripeTraces {
  const read = traces.safeParse(object);
  if (!read.success) return { id: null, paymentIntentId: null, metadata: {} };
  const { id, payment_intent, metadata: carried } = read.data;
  const texts = Object.entries(carried).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return { id, paymentIntentId: idOf(payment_intent), metadata: Object.fromEntries(texts) };
}
