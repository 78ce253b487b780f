import type Stripe from 'stripe';
import * as z from 'zod';

/** The account and mode that an object belongs to. `account` null: the platform itself. */
export interface Scope {
  livemode: boolean;
  account: string | null;
}

export interface Stored<T> extends Scope {
  object: T;
}

/** A line item as it is sent: decimals are text there. */
export interface WireLineItem {
  id: string;
  object: 'item';
  [key: string]: unknown;
}

export interface StoredSession extends Stored<Stripe.Checkout.Session> {
  lineItems: WireLineItem[];
  intentData: { description: string | null; receiptEmail: string | null; metadata: Record<string, string> };
  /** Made by the first try to pay. The session shows it only when it is complete. */
  paymentIntentId: string | null;
  /** When a bank payment from a page settles by itself, in ms; null: it does not. */
  settleAtMs: number | null;
}

export interface StoredAccount {
  livemode: boolean;
  /** false: the account has revoked the platform's access. */
  connected: boolean;
  object: Stripe.Account;
  /** The version in which the account's own events are listed; null: the simulator's version. */
  apiVersion: string | null;
  /** What the owner has typed on the pages of the onboarding, by the names of the fields. */
  draft: Record<string, string>;
}

export interface StoredAccountLink extends Scope {
  token: string;
  accountId: string;
  refreshUrl: string;
  /** null: the person stays at Stripe. */
  returnUrl: string | null;
  /** Seconds since 1970. */
  expiresAt: number;
  used: boolean;
}

/** A person on the pages of the onboarding, who came by an account link. */
export interface StoredOnboarding {
  livemode: boolean;
  accountId: string;
  refreshUrl: string;
  /** null: the person stays at Stripe. */
  returnUrl: string | null;
  /** Seconds since 1970. */
  expiresAt: number;
  /** The person has submitted everything, or has left. */
  isOver: boolean;
}

export interface StoredLoginLink {
  livemode: boolean;
  accountId: string;
  /** Seconds since 1970. */
  expiresAt: number;
  used: boolean;
}

/** An event as it is sent. */
export interface WireEvent {
  id: string;
  object: 'event';
  account?: string;
  api_version: string | null;
  created: number;
  data: { object: unknown; previous_attributes?: unknown };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

/** One event for one endpoint, kept until that endpoint has accepted it. */
export interface Delivery {
  id: string;
  eventId: string;
  endpoint: 'test' | 'live';
  attempts: number;
  nextAttemptAtMs: number;
}

export interface StoredAnswer {
  fingerprint: string;
  status: number;
  body: string;
  requestId: string;
  atMs: number;
}

export interface State {
  clockOffsetMs: number;
  accounts: Map<string, StoredAccount>;
  accountLinks: Map<string, StoredAccountLink>;
  onboardings: Map<string, StoredOnboarding>;
  loginLinks: Map<string, StoredLoginLink>;
  sessions: Map<string, StoredSession>;
  paymentIntents: Map<string, Stored<Stripe.PaymentIntent>>;
  charges: Map<string, Stored<Stripe.Charge>>;
  refunds: Map<string, Stored<Stripe.Refund>>;
  disputes: Map<string, Stored<Stripe.Dispute>>;
  domains: Map<string, Stored<Stripe.PaymentMethodDomain>>;
  events: Map<string, Stored<WireEvent>>;
  deliveries: Map<string, Delivery>;
  answers: Map<string, StoredAnswer>;
}

/** The key of an account: mode and id, because an id can exist in both modes. */
export function accountKey(livemode: boolean, id: string): string {
  return `${livemode ? 'live' : 'test'}:${id}`;
}

function wire<T>(kind: string) {
  return z.custom<T>(
    (value) => typeof value === 'object' && value !== null && 'object' in value && value.object === kind,
    `expected a ${kind} object`,
  );
}

const scope = { livemode: z.boolean(), account: z.string().nullable() };
const stored = <S extends z.ZodType>(object: S) => z.object({ ...scope, object });
const table = <S extends z.ZodType>(row: S) => z.map(z.string(), row).prefault(() => new Map());

const stateSchema = z.object({
  clockOffsetMs: z.number().default(0),
  accounts: table(
    z.object({
      livemode: z.boolean(),
      connected: z.boolean(),
      object: wire<Stripe.Account>('account'),
      apiVersion: z.string().nullable().default(null),
      draft: z.record(z.string(), z.string()).default({}),
    }),
  ),
  accountLinks: table(
    z.object({
      ...scope,
      token: z.string(),
      accountId: z.string(),
      refreshUrl: z.string(),
      returnUrl: z.string().nullable(),
      expiresAt: z.number(),
      used: z.boolean(),
    }),
  ),
  onboardings: table(
    z.object({
      livemode: z.boolean(),
      accountId: z.string(),
      refreshUrl: z.string(),
      returnUrl: z.string().nullable(),
      expiresAt: z.number(),
      isOver: z.boolean(),
    }),
  ),
  loginLinks: table(
    z.object({ livemode: z.boolean(), accountId: z.string(), expiresAt: z.number(), used: z.boolean() }),
  ),
  sessions: table(
    z.object({
      ...scope,
      object: wire<Stripe.Checkout.Session>('checkout.session'),
      lineItems: z.array(wire<WireLineItem>('item')),
      intentData: z.object({
        description: z.string().nullable(),
        receiptEmail: z.string().nullable(),
        metadata: z.record(z.string(), z.string()),
      }),
      paymentIntentId: z.string().nullable(),
      settleAtMs: z.number().nullable(),
    }),
  ),
  paymentIntents: table(stored(wire<Stripe.PaymentIntent>('payment_intent'))),
  charges: table(stored(wire<Stripe.Charge>('charge'))),
  refunds: table(stored(wire<Stripe.Refund>('refund'))),
  disputes: table(stored(wire<Stripe.Dispute>('dispute'))),
  domains: table(stored(wire<Stripe.PaymentMethodDomain>('payment_method_domain'))),
  events: table(stored(wire<WireEvent>('event'))),
  deliveries: table(
    z.object({
      id: z.string(),
      eventId: z.string(),
      endpoint: z.enum(['test', 'live']),
      attempts: z.number(),
      nextAttemptAtMs: z.number(),
    }),
  ),
  answers: table(
    z.object({
      fingerprint: z.string(),
      status: z.number(),
      body: z.string(),
      requestId: z.string(),
      atMs: z.number(),
    }),
  ),
});

export function emptyState(): State {
  return stateSchema.parse({});
}

/** The state as JSON; maps are written as lists of entries. */
export function writeSnapshot(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Reads what `writeSnapshot` wrote. Throws if the text is not a snapshot of this version. */
export function readSnapshot(json: string): State {
  const raw = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  const tables = Object.entries(raw).map(([name, value]) => [
    name,
    Array.isArray(value) ? new Map(z.array(z.tuple([z.string(), z.unknown()])).parse(value)) : value,
  ]);
  return stateSchema.parse(Object.fromEntries(tables));
}
