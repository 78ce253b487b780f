import { Hono } from 'hono';
import type Stripe from 'stripe';
import * as z from 'zod';
import { NO_CAUSE } from './announce.ts';
import { ControlRefusal, controlBody } from './control-refusal.ts';
import { newId } from './ids.ts';
import { changeAccount, deauthorize } from './resources/account-changes.ts';
import { controller, newAccountObject, setChargesEnabled } from './resources/account-object.ts';
import { applyOutcome, OUTCOMES } from './resources/account-outcomes.ts';
import { requirements } from './resources/account-requirements.ts';
import { nowSeconds, type Simulation } from './simulation.ts';
import { accountKey, type StoredAccount } from './state.ts';

/** Becomes seconds since 1970. */
const dueAt = z.iso.datetime({ offset: true }).transform((text) => Math.floor(Date.parse(text) / 1000));

const DISABLED_REASONS = [
  'rejected.fraud',
  'rejected.other',
  'requirements.past_due',
  'requirements.pending_verification',
  'under_review',
] as const;

const changeShape = {
  charges_enabled: z.boolean().optional(),
  details_submitted: z.boolean().optional(),
  payouts_enabled: z.boolean().optional(),
  email: z.string().nullable().optional(),
  business_profile: z.looseObject({ name: z.string().nullable().optional() }).optional(),
  country: z.string().length(2).optional(),
  default_currency: z.string().length(3).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  card_payments: z.enum(['active', 'inactive', 'pending', 'unrequested']).optional(),
  dashboard: z.enum(['express', 'full']).optional(),
  requirements: z
    .strictObject({
      currently_due: z.array(z.string()).optional(),
      past_due: z.array(z.string()).optional(),
      pending_verification: z.array(z.string()).optional(),
      due_at: dueAt.optional(),
      disabled_reason: z.enum(DISABLED_REASONS).optional(),
    })
    .optional(),
};
const upsertSchema = z.strictObject({
  ...changeShape,
  /** The version in which the account's own events are listed, for example `2019-12-03`. */
  api_version: z.string().optional(),
  id: z
    .string()
    .regex(/^acct_\w+$/, 'expected acct_ and letters or digits')
    .optional(),
  livemode: z.boolean().default(false),
  type: z.enum(['custom', 'express', 'standard']).default('standard'),
});
const updateSchema = z.strictObject({ ...changeShape, livemode: z.boolean().optional() });
const outcomeSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  due_at: dueAt.optional(),
  livemode: z.boolean().optional(),
});
const modeSchema = z.strictObject({ livemode: z.boolean().optional() });

type Change = z.output<typeof updateSchema>;

/** The control routes for connected accounts. */
export function accountControl(simulation: Simulation): Hono {
  const app = new Hono();
  app.post('/accounts', async (c) => c.json(upsert(simulation, await controlBody(c, upsertSchema))));
  app.post('/accounts/:id/update', async (c) => {
    const change = await controlBody(c, updateSchema);
    const account = foundAccount(simulation, c.req.param('id'), change.livemode);
    changeAccount(simulation, account, NO_CAUSE, (object) => apply(object, change));
    return c.json(account.object);
  });
  app.post('/accounts/:id/outcome', async (c) => {
    const { outcome, due_at: seconds, livemode } = await controlBody(c, outcomeSchema);
    const account = foundAccount(simulation, c.req.param('id'), livemode);
    applyOutcome(simulation, account, outcome, seconds);
    return c.json(account.object);
  });
  app.post('/accounts/:id/deauthorize', async (c) => {
    const { livemode } = await controlBody(c, modeSchema);
    const account = foundAccount(simulation, c.req.param('id'), livemode);
    deauthorize(simulation, account);
    return c.json(account.object);
  });
  return app;
}

/** Makes or changes a connected account, and connects it again if it had left. Sends no event. */
function upsert(simulation: Simulation, input: z.output<typeof upsertSchema>): Stripe.Account {
  const id = input.id ?? newId('acct');
  const key = accountKey(input.livemode, id);
  const existing = simulation.state.accounts.get(key);
  const object = existing?.object ?? newAccountFrom(id, input, nowSeconds(simulation));
  apply(object, input);
  const apiVersion = input.api_version ?? existing?.apiVersion ?? null;
  const draft = existing?.draft ?? {};
  simulation.state.accounts.set(key, { livemode: input.livemode, connected: true, object, apiVersion, draft });
  simulation.changed();
  return object;
}

function newAccountFrom(id: string, input: z.output<typeof upsertSchema>, created: number): Stripe.Account {
  return newAccountObject({
    id,
    created,
    email: null,
    country: 'US',
    defaultCurrency: 'usd',
    type: input.type,
    businessType: null,
    businessName: null,
    metadata: {},
  });
}

/** An account with charges enabled also has its details submitted and payouts enabled, unless the change says otherwise. */
function apply(account: Stripe.Account, change: Change): void {
  const enabled = change.charges_enabled;
  if (enabled !== undefined) setChargesEnabled(account, enabled);
  const implied = enabled === true ? true : undefined;
  account.details_submitted = change.details_submitted ?? implied ?? account.details_submitted;
  account.payouts_enabled = change.payouts_enabled ?? implied ?? account.payouts_enabled;
  if (change.email !== undefined) account.email = change.email;
  if (change.country !== undefined) account.country = change.country;
  if (change.default_currency !== undefined) account.default_currency = change.default_currency;
  if (change.metadata !== undefined) account.metadata = { ...account.metadata, ...change.metadata };
  if (change.card_payments !== undefined) setCardPayments(account, change.card_payments);
  if (change.dashboard !== undefined) {
    account.type = change.dashboard === 'full' ? 'standard' : 'none';
    account.controller = controller({ dashboard: change.dashboard, fees: 'stripe', losses: 'stripe' });
  }
  if (change.requirements !== undefined) account.requirements = requirementsFrom(change.requirements);
  if (change.business_profile?.name !== undefined && account.business_profile) {
    account.business_profile.name = change.business_profile.name;
  }
}

/** Like Stripe, an account does not list a capability that nobody has requested. */
function setCardPayments(account: Stripe.Account, status: NonNullable<Change['card_payments']>): void {
  const { card_payments: _, ...others } = account.capabilities ?? {};
  account.capabilities = status === 'unrequested' ? others : { ...others, card_payments: status };
}

function requirementsFrom(change: NonNullable<Change['requirements']>): Stripe.Account.Requirements {
  return requirements({
    due: change.currently_due ?? [],
    pastDue: change.past_due ?? [],
    pending: change.pending_verification ?? [],
    ...(change.due_at === undefined ? {} : { deadline: change.due_at }),
    ...(change.disabled_reason === undefined ? {} : { disabledReason: change.disabled_reason }),
  });
}

/** The account with this id. If it exists in both modes and no mode is named: the test account. */
function foundAccount(simulation: Simulation, id: string, livemode: boolean | undefined): StoredAccount {
  const modes = livemode === undefined ? [false, true] : [livemode];
  for (const mode of modes) {
    const account = simulation.state.accounts.get(accountKey(mode, id));
    if (account?.connected) return account;
  }
  throw new ControlRefusal(404, `There is no connected account ${id}.`);
}
