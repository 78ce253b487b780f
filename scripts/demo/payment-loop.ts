import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { verifyWebhook, WebhookVerificationError } from '../../sdk/verify-webhook.ts';
import type { DemoFile } from '../local/demo-file.ts';
import { call } from './local-api.ts';
import { expectThat, type Step, StepFailure } from './steps.ts';

const AMOUNT_CENTS = 4999;
const WEBHOOK_TIMEOUT_MS = 8_000;
const POLL_MS = 100;
/** How long to wait for a second webhook for the same payment, which must not come. */
const SETTLE_MS = 1_000;

const sessionAnswer = z.object({
  data: z.object({
    id: z.int(),
    url: z.string().nullable(),
    stripe_session_id: z.string(),
    amount_cents: z.int(),
    currency: z.string(),
    status: z.string(),
  }),
});
const paidSession = z.object({ status: z.string(), payment_status: z.string(), payment_intent: z.string() });
const sinkLog = z.object({
  data: z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string(), status: z.int() })),
});
const webhookBody = z.object({
  id: z.string(),
  type: z.string(),
  tenant_id: z.string(),
  data: z.looseObject({ payment_id: z.int() }),
});

type Session = z.output<typeof sessionAnswer>['data'];
type Received = z.output<typeof sinkLog>['data'][number];

/** Makes one payment from session to webhook, in the sandbox workspace of `main`. Throws at the first step that fails. */
export async function paymentLoop(demo: DemoFile, step: Step): Promise<void> {
  const reference = `demo-${randomUUID()}`;
  const session = await step('Session created', () => createSession(demo, reference));
  const paymentIntent = await step('Buyer pays', () => pay(demo, session));
  const webhook = await step('Webhook received', () => receive(demo, session));
  await step('Signature verified', () => verifySignature(demo, webhook));
  await step('Webhook is correct', () => checkBody(demo, webhook, { session, paymentIntent, reference }));
  await step('Session succeeded', () => readSession(demo, session));
  await step('Exactly one webhook', () => countWebhooks(demo, session));
}

function sandbox(demo: DemoFile) {
  return demo.workspaces.main.sandbox;
}

function sessionsUrl(demo: DemoFile): string {
  return `${demo.base_url}/api/v1/services/payments/checkout-sessions`;
}

async function createSession(demo: DemoFile, reference: string) {
  const { data } = await call(sessionAnswer, {
    method: 'POST',
    url: sessionsUrl(demo),
    key: sandbox(demo).keys.all,
    body: {
      amount_cents: AMOUNT_CENTS,
      currency: 'gbp',
      reference,
      success_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/cart',
    },
    expected: 201,
  });
  expectThat(data.status === 'created' && data.url !== null, `a new session is ${data.status}, its url ${data.url}`);
  return { value: data, note: `id ${data.id}, 49.99 GBP` };
}

async function pay(demo: DemoFile, session: Session) {
  const paid = await call(paidSession, {
    method: 'POST',
    url: `${demo.stripe_url}/_control/sessions/${session.stripe_session_id}/pay`,
    body: { outcome: 'paid', email: 'buyer@example.com' },
    expected: 200,
  });
  expectThat(paid.payment_status === 'paid', `Stripe says ${paid.payment_status}, not paid`);
  return { value: paid.payment_intent, note: paid.payment_intent };
}

/** The webhooks that the sink has received for this session's payment, oldest first. */
async function webhooksOf(demo: DemoFile, session: Session): Promise<Received[]> {
  const { data } = await call(sinkLog, { url: `${sandbox(demo).webhook.url}/log`, expected: 200 });
  return data.filter((received) => parseBody(received)?.data.payment_id === session.id);
}

function parseBody(received: Received): z.output<typeof webhookBody> | null {
  try {
    return webhookBody.parse(JSON.parse(received.body));
  } catch {
    return null;
  }
}

async function receive(demo: DemoFile, session: Session) {
  const startedAt = Date.now();
  let refused: Received | undefined;
  while (Date.now() - startedAt < WEBHOOK_TIMEOUT_MS) {
    const webhooks = await webhooksOf(demo, session);
    const accepted = webhooks.find((webhook) => webhook.status < 300);
    if (accepted) return { value: accepted, note: `after ${((Date.now() - startedAt) / 1000).toFixed(1)} s` };
    refused = webhooks.at(-1);
    await sleep(POLL_MS);
  }
  const seconds = WEBHOOK_TIMEOUT_MS / 1000;
  throw new StepFailure(
    refused ? `the merchant's endpoint answered ${refused.status}` : `none arrived within ${seconds} s`,
  );
}

async function verifySignature(demo: DemoFile, webhook: Received) {
  const { headers, body } = webhook;
  try {
    await verifyWebhook({ body, headers, secret: sandbox(demo).webhook.secret });
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    throw new StepFailure(`${error.reason}: ${error.message}`);
  }
  return { value: null, note: 'by sdk/verify-webhook.ts' };
}

async function checkBody(
  demo: DemoFile,
  webhook: Received,
  paid: { readonly session: Session; readonly paymentIntent: string; readonly reference: string },
) {
  const body = parseBody(webhook);
  expectThat(body !== null, 'its body is not an event');
  expectThat(body.type === 'payments.payment.succeeded', `its type is ${body.type}`);
  expectThat(body.tenant_id === sandbox(demo).workspace_id, `its tenant_id is ${body.tenant_id}`);
  const expected = {
    payment_id: paid.session.id,
    amount_cents: AMOUNT_CENTS,
    currency: 'GBP',
    reference: paid.reference,
    customer_email: 'buyer@example.com',
    stripe_session_id: paid.session.stripe_session_id,
    stripe_payment_intent_id: paid.paymentIntent,
    payment_link_id: null,
  };
  for (const [member, value] of Object.entries(expected)) {
    const seen = body.data[member];
    expectThat(seen === value, `data.${member} is ${JSON.stringify(seen)}, not ${JSON.stringify(value)}`);
  }
  return { value: null, note: `${body.type}, ${Object.keys(expected).length} members` };
}

async function readSession(demo: DemoFile, session: Session) {
  const url = `${sessionsUrl(demo)}/${session.id}`;
  const { data } = await call(sessionAnswer, { url, key: sandbox(demo).keys.all, expected: 200 });
  expectThat(data.status === 'succeeded', `its status is ${data.status}`);
  return { value: null, note: `GET /checkout-sessions/${session.id}` };
}

async function countWebhooks(demo: DemoFile, session: Session) {
  await sleep(SETTLE_MS);
  const { length } = await webhooksOf(demo, session);
  expectThat(length === 1, `${length} arrived`);
  return { value: null, note: `for payment ${session.id}` };
}
