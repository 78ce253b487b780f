import { sql } from 'drizzle-orm';
import { check, customType, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type AccountRequirement, CARD_STATES, DASHBOARDS } from '../core/accounts.ts';

// Times are unix milliseconds, money is integer minor units. Each index names the query it serves. All tables of the API
// are in this one file, because rows of one refer to others. sign-in-schema.ts has those of the merchant app alone.

const createdAt = integer('created_at').notNull();
const updatedAt = integer('updated_at').notNull();

/** Who gets paid. Two rows share a `pair_id`: the live workspace and its sandbox. */
export const workspaces = sqliteTable(
  'workspaces',
  {
    id: text('id').primaryKey(),
    pairId: text('pair_id').notNull(),
    mode: text('mode', { enum: ['live', 'sandbox'] }).notNull(),
    name: text('name').notNull(),
    status: text('status', { enum: ['active', 'suspended'] }).notNull(),
    createdAt,
    updatedAt,
  },
  // Suspending, resuming and showing a pair.
  (table) => [uniqueIndex('workspaces_pair').on(table.pairId, table.mode)],
);

/** The types of picture that a logo can be. */
export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

/**
 * How a workspace shows itself to buyers. A workspace without a row is the same as one with a row of nulls. The bytes of
 * the logo are in a table of their own, so that reading a profile never loads them.
 */
export const businessProfiles = sqliteTable('business_profiles', {
  workspaceId: text('workspace_id')
    .primaryKey()
    .references(() => workspaces.id),
  /** null: buyers see the name of the workspace. */
  displayName: text('display_name'),
  /** The SHA-256 of the logo's bytes in hex. null: there is no logo, and `logoType`, `logoWidth` and `logoHeight` are null too. */
  logoHash: text('logo_hash'),
  logoType: text('logo_type', { enum: LOGO_TYPES }),
  /** In pixels. */
  logoWidth: integer('logo_width'),
  logoHeight: integer('logo_height'),
  supportEmail: text('support_email'),
  supportPhone: text('support_phone'),
  website: text('website'),
  termsUrl: text('terms_url'),
  privacyUrl: text('privacy_url'),
  refundPolicyUrl: text('refund_policy_url'),
  /** The background of the pay button where a link has no `buttonColor`. */
  brandColor: text('brand_color'),
  updatedAt,
});

/** Bytes. D1 takes an ArrayBuffer and answers a list of numbers; SQLite in Node answers a Uint8Array. */
const bytes = customType<{ data: Uint8Array<ArrayBuffer>; driverData: ArrayBuffer | ArrayLike<number> }>({
  dataType: () => 'blob',
  toDriver: (data) => new Uint8Array(data).buffer,
  fromDriver: (stored) => new Uint8Array(stored),
});

/** The logo of a workspace. Anybody who knows the hash may read the picture. */
export const profileLogos = sqliteTable(
  'profile_logos',
  {
    workspaceId: text('workspace_id')
      .primaryKey()
      .references(() => workspaces.id),
    hash: text('hash').notNull(),
    type: text('type', { enum: LOGO_TYPES }).notNull(),
    bytes: bytes('bytes').notNull(),
  },
  // Serving a logo at its address. Two workspaces may have the same picture.
  (table) => [index('profile_logos_hash').on(table.hash)],
);

/** The Stripe account of a workspace. By account and livemode it also says which workspace a Stripe event belongs to. */
export const connectedAccounts = sqliteTable(
  'connected_accounts',
  {
    workspaceId: text('workspace_id')
      .primaryKey()
      .references(() => workspaces.id),
    stripeAccountId: text('stripe_account_id').notNull(),
    livemode: integer('livemode', { mode: 'boolean' }).notNull(),
    chargesEnabled: integer('charges_enabled', { mode: 'boolean' }).notNull(),
    detailsSubmitted: integer('details_submitted', { mode: 'boolean' }).notNull(),
    /** null: not read from Stripe yet. */
    payoutsEnabled: integer('payouts_enabled', { mode: 'boolean' }),
    /** What Stripe says of card payments; null: not requested for this account, or not read yet. */
    cards: text('cards', { enum: CARD_STATES }),
    /** ISO 3166-1 alpha-2; null: not read from Stripe yet. */
    country: text('country'),
    dashboard: text('dashboard', { enum: DASHBOARDS }),
    /** What Stripe wants to know, now or by a time. */
    requirements: text('requirements', { mode: 'json' }).$type<readonly AccountRequirement[]>().notNull().default([]),
    disconnectedAt: integer('disconnected_at'),
    /** Since when Stripe answers that we have no access to this account, without a Stripe event that says why; null: it does not. */
    accessRefusedAt: integer('access_refused_at'),
    /** Stripe's own time of the stored state (unix ms): an older Stripe event never overwrites a newer one. */
    stateAsOf: integer('state_as_of').notNull(),
    /** Up to when this account's Stripe events have been read by the cron; null: not yet. */
    stripeEventsReadTo: integer('stripe_events_read_to'),
    /** The last Stripe event of that second that was handled; null: none of that second was. */
    stripeEventsReadId: text('stripe_events_read_id'),
    /** When the cron next reads this account's Stripe events, or asks for a disconnected account again; null: never. */
    nextStripeEventsReadAt: integer('next_stripe_events_read_at'),
    createdAt,
    updatedAt,
  },
  (table) => [
    // Finding the workspace of a Stripe event; an account belongs to one workspace per mode.
    uniqueIndex('connected_accounts_directory').on(table.stripeAccountId, table.livemode),
    // Polling: the accounts whose Stripe events are due to be read.
    index('connected_accounts_due').on(table.nextStripeEventsReadAt).where(sql`next_stripe_events_read_at IS NOT NULL`),
    // Accounts to which Stripe refuses access and that are not given up.
    index('connected_accounts_refused').on(table.disconnectedAt).where(sql`access_refused_at IS NOT NULL`),
  ],
);

/**
 * An account that is being made at Stripe for a workspace. The row is written before Stripe is called, and its operation
 * id is Stripe's idempotency key: whoever finds the row goes on with it, so that one account is made.
 */
export const accountCreations = sqliteTable('account_creations', {
  workspaceId: text('workspace_id')
    .primaryKey()
    .references(() => workspaces.id),
  operationId: text('operation_id').notNull(),
  /** The account that the new one takes the place of; null: the workspace has none. */
  replaces: text('replaces'),
  country: text('country').notNull(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  website: text('website'),
  dashboard: text('dashboard', { enum: ['express', 'full'] }).notNull(),
  createdAt,
});

/**
 * Which workspace in which shard each Stripe account belongs to: in the first shard those of all shards, in any other
 * shard a copy of its own, from which the cron restores what the first one lost. An account that its workspace has
 * replaced keeps its row, because refunds and disputes come late.
 */
export const accountDirectory = sqliteTable(
  'account_directory',
  {
    stripeAccountId: text('stripe_account_id').notNull(),
    livemode: integer('livemode', { mode: 'boolean' }).notNull(),
    workspaceId: text('workspace_id').notNull(),
    shard: text('shard').notNull(),
    /** When the workspace last began to connect the account. */
    claimedAt: integer('claimed_at').notNull(),
    /** When the account was last given up because Stripe refuses access to it; null: never. */
    givenUpAt: integer('given_up_at'),
  },
  (table) => [
    // Finding the workspace of a Stripe event; an account belongs to one workspace per mode.
    primaryKey({ columns: [table.stripeAccountId, table.livemode] }),
    // How many accounts were given up in the last hour, in all shards.
    index('account_directory_given_up').on(table.givenUpAt).where(sql`given_up_at IS NOT NULL`),
  ],
);

/**
 * The platform's own Stripe account in each mode, in the first shard only. A key that names another account proves nothing
 * about connected accounts.
 */
export const platformAccounts = sqliteTable('platform_accounts', {
  mode: text('mode', { enum: ['live', 'sandbox'] }).primaryKey(),
  stripeAccountId: text('stripe_account_id').notNull(),
  recordedAt: integer('recorded_at').notNull(),
});

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    kind: text('kind', { enum: ['secret', 'public'] }).notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    last4: text('last4').notNull(),
    keyHash: text('key_hash').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<string[]>().notNull(),
    allowedOrigins: text('allowed_origins', { mode: 'json' }).$type<string[]>().notNull(),
    rateLimitPerMinute: integer('rate_limit_per_minute').notNull(),
    createdAt,
    revokedAt: integer('revoked_at'),
  },
  (table) => [
    // Authenticating a request.
    uniqueIndex('api_keys_hash').on(table.keyHash),
    // Listing a workspace's keys.
    index('api_keys_workspace').on(table.workspaceId),
    check('api_keys_rate', sql`typeof(${table.rateLimitPerMinute}) = 'integer' AND ${table.rateLimitPerMinute} > 0`),
  ],
);

export const paymentLinks = sqliteTable(
  'payment_links',
  {
    id: integer('id').primaryKey(),
    token: text('token').notNull(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    kind: text('kind', { enum: ['link', 'button'] }).notNull(),
    title: text('title').notNull(),
    description: text('description'),
    currency: text('currency').notNull(),
    /** null: the buyer enters the amount. */
    amountMinor: integer('amount_minor'),
    minAmountMinor: integer('min_amount_minor'),
    suggestedAmountsMinor: text('suggested_amounts_minor', { mode: 'json' }).$type<number[]>(),
    active: integer('active', { mode: 'boolean' }).notNull(),
    showBusinessName: integer('show_business_name', { mode: 'boolean' }).notNull(),
    buttonColor: text('button_color'),
    buttonTextColor: text('button_text_color'),
    expiresAt: integer('expires_at'),
    /** How many payments the link takes in all; null: no limit. Places are held by the link's gate. */
    maxPayments: integer('max_payments'),
    /** Rises with each change of `maxPayments`: the trigger `payment_links_limit_version` sets it in the statement that changes that. */
    limitVersion: integer('limit_version').notNull().default(0),
    /** How many of its payments have succeeded. The trigger `payments_count_paid` adds each in the statement that changes its status. */
    paidCount: integer('paid_count').notNull().default(0),
    /**
     * The sum of its payments that have succeeded, refunded ones included, and the sum of the refunds of its payments that
     * have not failed: both in minor units of `currency`, which never changes. Triggers add in the statement of the change:
     * `payments_count_paid`, `refunds_count_made` and `refunds_count_failed`.
     */
    paidMinor: integer('paid_minor').notNull().default(0),
    refundedMinor: integer('refunded_minor').notNull().default(0),
    /** The title as searches compare it (`searchKey`). Empty: a release before this column wrote the link. */
    searchTitle: text('search_title').notNull().default(''),
    /** Since when the link has taken all its payments, so that its page can say so without a call to the gate. */
    soldOutAt: integer('sold_out_at'),
    /** Where a buyer who has paid goes on to, with the signed result. */
    successUrl: text('success_url'),
    /** What buyers read once the link is inactive or has expired. */
    inactiveMessage: text('inactive_message'),
    createdAt,
    updatedAt,
  },
  (table) => [
    // Reading a link by its token.
    uniqueIndex('payment_links_token').on(table.token),
    // Listing a workspace's links, newest first, from any page on.
    index('payment_links_workspace').on(table.workspaceId, table.id),
    // Finding a workspace's links by the beginning of the title, in the order of the titles.
    index('payment_links_title').on(table.workspaceId, table.searchTitle, table.id),
    check(
      'payment_links_amounts',
      sql`typeof(${table.amountMinor}) IN ('integer', 'null') AND typeof(${table.minAmountMinor}) IN ('integer', 'null')`,
    ),
  ],
);

export const PAYMENT_STATUSES = ['created', 'processing', 'succeeded', 'failed', 'expired'] as const;
type PaymentRowStatus = (typeof PAYMENT_STATUSES)[number];

/** The rows that lists of payments show. An open session writes nothing into an index with this condition. */
const isPayment = sql`status IN ('processing', 'succeeded', 'failed')`;

/** One row is the checkout session and, once the buyer completes it, the payment. `status` only moves forward. */
export const payments = sqliteTable(
  'payments',
  {
    id: integer('id').primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    operationId: text('operation_id').notNull(),
    stripeAccountId: text('stripe_account_id').notNull(),
    stripeSessionId: text('stripe_session_id').notNull(),
    stripePaymentIntentId: text('stripe_payment_intent_id'),
    paymentLinkId: integer('payment_link_id').references(() => paymentLinks.id),
    /** The secret key that made the session; null: a buyer made it, or it was stored only once Stripe reported it. */
    apiKeyId: text('api_key_id'),
    status: text('status', { enum: PAYMENT_STATUSES }).notNull(),
    /** Every status after `created`, in order, as `{status, at}`; written with the change itself. */
    history: text('history', { mode: 'json' }).$type<{ status: PaymentRowStatus; at: number }[]>().notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    reference: text('reference'),
    customerEmail: text('customer_email'),
    metadata: text('metadata', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    /**
     * Not used any more. An earlier release writes it while this one is deployed, and Drizzle's inserts still name it: so
     * one release must take it out of this schema before the next can drop it.
     */
    checkoutUrl: text('checkout_url'),
    expiresAt: integer('expires_at').notNull(),
    /** When the cron reads this session from Stripe again; null once its status is final, or the cron has given up. */
    nextCheckAt: integer('next_check_at'),
    checks: integer('checks').notNull(),
    createdAt,
    updatedAt,
  },
  (table) => [
    // One row per operation, however often it is resumed.
    uniqueIndex('payments_operation').on(table.operationId),
    // Settling by the session a Stripe event names.
    uniqueIndex('payments_stripe_session').on(table.stripeSessionId),
    // Matching refunds and disputes.
    uniqueIndex('payments_payment_intent')
      .on(table.stripePaymentIntentId)
      .where(sql`stripe_payment_intent_id IS NOT NULL`),
    // The sessions of a link that may still be paid, for which a new limit keeps places.
    index('payments_open_of_link')
      .on(table.paymentLinkId, table.id)
      .where(sql`payment_link_id IS NOT NULL AND status IN ('created', 'processing')`),
    // Reconciling: the sessions that are due.
    index('payments_due').on(table.nextCheckAt).where(sql`next_check_at IS NOT NULL`),
    // Listing a workspace's payments, newest first, from any page on. With the last columns it also has all that the sums of
    // a range of time need. A status that changes writes into this index anyway, because its condition names it.
    index('payments_list')
      .on(table.workspaceId, table.id, table.status, table.currency, table.amountMinor)
      .where(isPayment),
    // Listing the payments of a link: nearly all of its sessions can be open or expired ones.
    index('payments_link_list')
      .on(table.paymentLinkId, table.id)
      .where(sql`${isPayment} AND payment_link_id IS NOT NULL`),
    // Listing payments that have not succeeded, which are few.
    index('payments_processing').on(table.workspaceId, table.id).where(sql`status = 'processing'`),
    index('payments_failed').on(table.workspaceId, table.id).where(sql`status = 'failed'`),
    index('payments_reference')
      .on(table.workspaceId, table.reference, table.id)
      .where(sql`${isPayment} AND reference IS NOT NULL`),
    // Also for erasing a buyer. Without a condition on the status, a change of it writes nothing into this index.
    index('payments_customer')
      .on(table.workspaceId, sql`lower(customer_email)`, table.id)
      .where(sql`customer_email IS NOT NULL`),
    // Deleting sessions that expired unpaid: those that expired first.
    index('payments_expired').on(table.updatedAt).where(sql`status = 'expired'`),
    // Whether an account has sessions that the cron has given up: they may be paid at Stripe, so the account is in use.
    index('payments_given_up').on(table.updatedAt).where(sql`status = 'created' AND next_check_at IS NULL`),
    check('payments_amount', sql`typeof(${table.amountMinor}) = 'integer' AND ${table.amountMinor} > 0`),
  ],
);

export const REFUND_STATUSES = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const;
type RefundRowStatus = (typeof REFUND_STATUSES)[number];

export const refunds = sqliteTable(
  'refunds',
  {
    id: integer('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    paymentId: integer('payment_id')
      .notNull()
      .references(() => payments.id),
    /** null: made in Stripe's dashboard, not through this API. */
    operationId: text('operation_id'),
    stripeRefundId: text('stripe_refund_id').notNull(),
    status: text('status', { enum: REFUND_STATUSES }).notNull(),
    /** Every status, in order, as `{status, at}`; written with the change itself. Empty: only the present one is known. */
    history: text('history', { mode: 'json' }).$type<{ status: RefundRowStatus; at: number }[]>().notNull().default([]),
    /** Why the refund failed, in Stripe's words; null: it has not failed, or Stripe does not say. */
    failureReason: text('failure_reason'),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason'),
    createdAt,
    updatedAt,
  },
  (table) => [
    // One row per refund, however often Stripe reports it.
    uniqueIndex('refunds_stripe_refund').on(table.stripeRefundId),
    uniqueIndex('refunds_operation').on(table.operationId).where(sql`operation_id IS NOT NULL`),
    // Deleting a payment: SQLite looks here for refunds that refer to it.
    index('refunds_payment').on(table.paymentId),
    // The refunds of a payment, and their sum; listing the payments that have refunds, newest first.
    index('refunds_list').on(table.workspaceId, table.paymentId),
    // Listing a workspace's refunds for operators, newest first. With what the sums of a range of time need.
    index('refunds_workspace').on(
      table.workspaceId,
      table.id,
      table.createdAt,
      table.status,
      table.currency,
      table.amountMinor,
    ),
    check('refunds_amount', sql`typeof(${table.amountMinor}) = 'integer' AND ${table.amountMinor} > 0`),
  ],
);

export const disputes = sqliteTable(
  'disputes',
  {
    id: integer('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    paymentId: integer('payment_id')
      .notNull()
      .references(() => payments.id),
    stripeDisputeId: text('stripe_dispute_id').notNull(),
    status: text('status').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason').notNull(),
    closedAt: integer('closed_at'),
    /** Stripe's own time of the stored state (unix ms): an older Stripe event never overwrites a newer one. */
    stateAsOf: integer('state_as_of').notNull(),
    createdAt,
    updatedAt,
  },
  (table) => [
    // One row per dispute, however often Stripe reports it.
    uniqueIndex('disputes_stripe_dispute').on(table.stripeDisputeId),
    // The disputes of a payment.
    index('disputes_payment').on(table.paymentId),
    // The disputes of a workspace that wait for the merchant's answer.
    index('disputes_to_answer')
      .on(table.workspaceId, table.id)
      .where(sql`status IN ('needs_response', 'warning_needs_response')`),
    check('disputes_amount', sql`typeof(${table.amountMinor}) = 'integer'`),
  ],
);

/** How many Stripe events of the wrong mode were dropped, by day and reason. */
export const droppedStripeEvents = sqliteTable(
  'dropped_stripe_events',
  { day: text('day').notNull(), reason: text('reason').notNull(), count: integer('count').notNull() },
  (table) => [primaryKey({ columns: [table.day, table.reason] })],
);

/** Stripe events whose metadata names our ids, but that do not fit our rows. None is applied until an operator releases it. */
export const quarantinedStripeEvents = sqliteTable(
  'quarantined_stripe_events',
  {
    id: text('id').primaryKey(),
    stripeAccountId: text('stripe_account_id').notNull(),
    livemode: integer('livemode', { mode: 'boolean' }).notNull(),
    type: text('type').notNull(),
    reason: text('reason').notNull(),
    body: text('body').notNull(),
    receivedAt: integer('received_at').notNull(),
    /** When an operator released the event: the cron applies it again, and deletes the row if the event fits now. */
    releasedAt: integer('released_at'),
  },
  // Applying released events again.
  (table) => [index('quarantined_stripe_events_released').on(table.releasedAt).where(sql`released_at IS NOT NULL`)],
);

export const webhookEndpoints = sqliteTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    url: text('url').notNull(),
    /** `["*"]` or event types. */
    events: text('events', { mode: 'json' }).$type<string[]>().notNull(),
    description: text('description'),
    metadata: text('metadata', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    status: text('status', { enum: ['enabled', 'disabled'] }).notNull(),
    disabledReason: text('disabled_reason'),
    /** Since when it gets no events; enabling it replays what it has missed since then. */
    disabledAt: integer('disabled_at'),
    /** AES-GCM under SECRETS_KEY; the text carries the key version. */
    sealedSecret: text('sealed_secret').notNull(),
    sealedPreviousSecret: text('sealed_previous_secret'),
    previousSecretValidUntil: integer('previous_secret_valid_until'),
    /** The operation that made the present secret: a rotation that is resumed finds it done. */
    secretOperationId: text('secret_operation_id'),
    /** Since when every attempt has failed; null after a success. */
    failingSince: integer('failing_since'),
    createdAt,
    updatedAt,
  },
  (table) => [
    // The endpoints of a workspace that an event goes to.
    index('webhook_endpoints_workspace').on(table.workspaceId),
    // Endpoints that an earlier release enabled and whose missed events it did not all queue. The cron takes them over.
    index('webhook_endpoints_unfinished')
      .on(table.updatedAt)
      .where(sql`status = 'enabled' AND disabled_at IS NOT NULL`),
    // Secrets by the version of the key that sealed them, which they begin with.
    index('webhook_endpoints_sealed').on(table.sealedSecret),
    index('webhook_endpoints_sealed_previous')
      .on(table.sealedPreviousSecret)
      .where(sql`sealed_previous_secret IS NOT NULL`),
  ],
);

/** An immutable fact, with the exact body that every delivery sends. A fact that is reported twice has the same id. */
export const events = sqliteTable(
  'events',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    type: text('type').notNull(),
    paymentId: integer('payment_id'),
    body: text('body').notNull(),
    createdAt,
  },
  (table) => [
    // Listing a workspace's events, newest first, from any page on; replaying them.
    index('events_workspace').on(table.workspaceId, table.createdAt, table.id),
    // Listing the events of one type. Nearly all are of the type below, which therefore needs no index.
    index('events_type')
      .on(table.workspaceId, table.type, table.createdAt, table.id)
      .where(sql`type <> 'payments.payment.succeeded'`),
    // The events of a payment.
    index('events_payment').on(table.paymentId).where(sql`payment_id IS NOT NULL`),
  ],
);

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const;

/** One request to an endpoint, and how it ended. */
export interface DeliveryAttempt {
  /** From 1. */
  readonly number: number;
  /** When the attempt ended (unix ms). */
  readonly at: number;
  /** null: there was no answer, and `error` says why. */
  readonly statusCode: number | null;
  readonly durationMs: number;
  readonly error: string | null;
  /** The first 8 KB of the answer. */
  readonly responseBody: string;
}

/** Why a delivery was given up without a further attempt. */
export const DELIVERY_FAILURES = ['unsubscribed', 'endpoint_disabled', 'endpoint_deleted', 'event_deleted'] as const;

/** The delivery of an event to one endpoint. What the row says counts; a queue message only says that the row is due. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    eventId: text('event_id').notNull(),
    endpointId: text('endpoint_id').notNull(),
    status: text('status', { enum: DELIVERY_STATUSES }).notNull(),
    /** Why it failed without a further attempt; null: it has not failed, or its attempts have. */
    failureReason: text('failure_reason', { enum: DELIVERY_FAILURES }),
    /** True: sent again on request although its endpoint did not name the event's type, so it does not fail for that. */
    outsideSubscription: integer('outside_subscription', { mode: 'boolean' }).notNull().default(false),
    attemptCount: integer('attempt_count').notNull(),
    /** The latest 20 attempts, oldest first; written with the outcome itself. At most 1 MB, because answers are cut to 8 KB. */
    attempts: text('attempts', { mode: 'json' }).$type<DeliveryAttempt[]>().notNull().default([]),
    /** When the delivery was last sent again, and below how many attempts it had by then: its retries count from there. */
    restartedAt: integer('restarted_at'),
    attemptsBefore: integer('attempts_before').notNull(),
    /** When the next attempt is due; null once the status is final. While an attempt runs: the end of its lease. */
    nextAttemptAt: integer('next_attempt_at'),
    /** The name of the run that holds the lease. The run reads back only the rows that have its name. */
    claim: text('claim'),
    createdAt,
    updatedAt,
  },
  (table) => [
    // Sweeping: the deliveries that are overdue.
    index('deliveries_due').on(table.nextAttemptAt).where(sql`next_attempt_at IS NOT NULL`),
    // Listing an endpoint's deliveries of one status, newest first, from any page on; the list of all statuses merges three.
    index('deliveries_status').on(table.endpointId, table.status, table.createdAt, table.id),
  ],
);

/** The rest of a replay, or of an enabling, of very many events, which the cron goes on with, part by part. */
export const replays = sqliteTable(
  'replays',
  {
    /** Made of the endpoint's id, so that an endpoint has at most one replay and one enabling here. */
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    endpointId: text('endpoint_id').notNull(),
    /** Only events whose delivery has this status; null: events whose delivery failed, and those that were never sent. */
    status: text('status', { enum: DELIVERY_STATUSES }),
    /** The last event of the parts that are queued. */
    afterAt: integer('after_at').notNull(),
    afterId: text('after_id').notNull(),
    until: integer('until').notNull(),
    /** Of an enabling: since when events were missed. Of older ones only those are sent whose delivery failed. */
    unsentSince: integer('unsent_since'),
    createdAt,
    /** When its last part was queued. */
    updatedAt,
  },
  // The replay that has waited longest for its next part.
  (table) => [index('replays_waiting').on(table.updatedAt)],
);

/**
 * Not used: `deliveries.attempts` has the attempts. During a deploy the Worker from before still writes here, and the cron
 * deletes those rows. A later release drops the table.
 */
export const deliveryAttempts = sqliteTable(
  'delivery_attempts',
  {
    deliveryId: text('delivery_id').notNull(),
    number: integer('number').notNull(),
    at: integer('at').notNull(),
    statusCode: integer('status_code'),
    durationMs: integer('duration_ms').notNull(),
    error: text('error'),
    responseBody: text('response_body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.number] })],
);

/** Who did what, written in the batch of the change itself. What Stripe reports of payments has no entries: their rows say it. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: integer('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    object: text('object').notNull(),
    requestId: text('request_id'),
    /** The IP address of the person who did it; null: it was no person. */
    address: text('address'),
  },
  // Listing a workspace's entries, newest first, from any page on.
  (table) => [index('audit_log_workspace').on(table.workspaceId, table.id)],
);
