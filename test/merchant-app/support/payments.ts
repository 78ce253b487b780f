import * as z from 'zod';
import { insertPayment, type Payment } from '../../../src/db/payments.ts';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import type { Context } from '../../../src/domain/context.ts';
import { issueKey } from '../../../src/domain/keys/issue-key.ts';
import { settlePayment } from '../../../src/domain/payments/settle-payment.ts';
import { control } from '../../worker/support/simulator.ts';
import { type AtWork, contextOf } from './screens.ts';
import { callApi } from './webhooks.ts';

/** What a test says of a payment. */
export type Facts = Partial<
  Pick<
    Payment,
    | 'status'
    | 'amountMinor'
    | 'currency'
    | 'reference'
    | 'customerEmail'
    | 'createdAt'
    | 'paymentLinkId'
    | 'stripeAccountId'
  >
>;

/** Writes a payment of £49.99 straight into the database, without a session at Stripe. */
export async function addPayment({ database, shard, workspace }: Context, facts: Facts = {}): Promise<Payment> {
  const key = crypto.randomUUID().replaceAll('-', '');
  const { createdAt = Date.now(), status = 'succeeded' } = facts;
  const written = await insertPayment(
    database,
    {
      workspaceId: workspace.id,
      operationId: key,
      stripeAccountId: 'acct_seeded',
      stripeSessionId: `cs_test_${key}`,
      stripePaymentIntentId: `pi_${key}`,
      paymentLinkId: null,
      apiKeyId: null,
      history: [{ status, at: createdAt }],
      amountMinor: 4999,
      currency: 'GBP',
      description: null,
      reference: null,
      customerEmail: null,
      metadata: {},
      expiresAt: createdAt,
      nextCheckAt: null,
      checks: 0,
      updatedAt: createdAt,
      createdAt,
      status,
      ...facts,
    },
    { shard },
  );
  if (!written) throw new Error('The payment was not written');
  return written;
}

/** Connects an account at the simulator that takes payments. Returns its id. */
export async function connectStripe({ workspaceId, organisation }: AtWork): Promise<string> {
  const id = `acct_${workspaceId.replaceAll('-', '').slice(0, 16)}`;
  const livemode = workspaceId === organisation.id;
  await control('POST', '/accounts', { id, livemode, charges_enabled: true, details_submitted: true });
  await attachAccount(await contextOf(workspaceId, organisation.shard), plainAccount(id, true));
  return id;
}

const sessionAnswer = z.object({ data: z.object({ id: z.number(), stripe_session_id: z.string() }) });

/** A payment of £49.99 that a buyer made at the simulator, in a session of a secret key. The workspace has an account. */
export async function takePayment(at: AtWork, account: string, extra: Record<string, unknown> = {}): Promise<number> {
  const context = await at.context();
  const key = { kind: 'secret', name: 'Shop server', scopes: ['service.payments.*'], allowedOrigins: [] } as const;
  const { secret } = await issueKey(context, { ...key, rateLimitPerMinute: 600 });
  const page = 'https://shop.example.com';
  const body = { amount_cents: 4999, currency: 'GBP', success_url: page, cancel_url: page, ...extra };
  const made = await callApi(secret, 'POST', '/checkout-sessions', body);
  const { data } = sessionAnswer.parse(await made.json());
  await control('POST', `/sessions/${data.stripe_session_id}/pay`, { outcome: 'paid', email: 'ada@example.com' });
  const session = await context.stripe.retrieveCheckoutSession(account, data.stripe_session_id);
  await settlePayment(context, { session, asyncPaymentFailed: false });
  return data.id;
}
