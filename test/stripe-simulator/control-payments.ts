import { Hono } from 'hono';
import * as z from 'zod';
import { NO_CAUSE } from './announce.ts';
import { ControlRefusal, controlBody } from './control-refusal.ts';
import { closeDispute, openDispute } from './resources/disputes.ts';
import { INSTRUMENTS, type Instrument, METHODS } from './resources/payment-methods.ts';
import {
  declineCard,
  expireSession,
  isProcessing,
  payAtOnce,
  payByBank,
  settleBankPayment,
} from './resources/payments.ts';
import { canBecome, REFUND_FAILURES, REFUND_MOVES, updateRefundStatus } from './resources/refunds.ts';
import type { Simulation } from './simulation.ts';
import type { StoredSession } from './state.ts';

const OUTCOMES = [
  'paid',
  'declined',
  'processing',
  'voucher',
  'processing_succeeded',
  'processing_failed',
  'expired',
] as const;
type Outcome = (typeof OUTCOMES)[number];

const paySchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  email: z.email().optional(),
  method: z.enum(METHODS).default('visa'),
});
const disputeSchema = z.strictObject({
  status: z.enum(['needs_response', 'under_review', 'warning_needs_response']).default('needs_response'),
});
const closeSchema = z.strictObject({ status: z.enum(['lost', 'won']) });
const refundSchema = z.strictObject({
  status: z.enum(REFUND_MOVES),
  failure_reason: z.enum(REFUND_FAILURES).default('unknown'),
});

/** The control routes for sessions, refunds and disputes. */
export function paymentControl(simulation: Simulation): Hono {
  const app = new Hono();
  const { state } = simulation;
  app.get('/sessions', (c) => {
    const account = c.req.query('account');
    const rows = [...state.sessions.values()].filter((row) => account === undefined || row.account === account);
    return c.json({ data: rows.reverse().map((row) => ({ ...row.object, account: row.account })) });
  });
  app.post('/sessions/:id/pay', async (c) => {
    const { outcome, email = null, method } = await controlBody(c, paySchema);
    const stored = found(state.sessions, c.req.param('id'), 'session');
    const buyer = email ?? stored.object.customer_email ?? 'buyer@example.com';
    act(simulation, stored, outcome, { email: buyer, instrument: INSTRUMENTS[method] });
    return c.json(stored.object);
  });
  app.post('/payment_intents/:id/dispute', async (c) => {
    const { status } = await controlBody(c, disputeSchema);
    const intent = found(state.paymentIntents, c.req.param('id'), 'payment intent').object;
    const charge = state.charges.get(String(intent.latest_charge));
    if (charge?.object.status !== 'succeeded')
      throw new ControlRefusal(409, 'The payment intent has no successful charge.');
    if (charge.object.disputed) throw new ControlRefusal(409, 'The charge is disputed already.');
    return c.json(openDispute(simulation, charge, status));
  });
  app.post('/disputes/:id/close', async (c) => {
    const { status } = await controlBody(c, closeSchema);
    const stored = found(state.disputes, c.req.param('id'), 'dispute');
    if (stored.object.status === 'won' || stored.object.status === 'lost') {
      throw new ControlRefusal(409, 'The dispute is closed already.');
    }
    closeDispute(simulation, stored, status);
    return c.json(stored.object);
  });
  app.post('/refunds/:id', async (c) => {
    const { status, failure_reason: reason } = await controlBody(c, refundSchema);
    const stored = found(state.refunds, c.req.param('id'), 'refund');
    if (!canBecome(stored.object, status)) {
      throw new ControlRefusal(409, `The refund is ${stored.object.status}; it cannot become ${status}.`);
    }
    updateRefundStatus(simulation, stored, status, reason);
    return c.json(stored.object);
  });
  return app;
}

function found<R>(table: Map<string, R>, id: string, kind: string): R {
  const row = table.get(id);
  if (!row) throw new ControlRefusal(404, `There is no ${kind} ${id}.`);
  return row;
}

interface Buyer {
  email: string;
  /** What they pay with, if they pay at once. */
  instrument: Instrument;
}

function act(simulation: Simulation, stored: StoredSession, outcome: Outcome, { email, instrument }: Buyer): void {
  const settles = outcome === 'processing_succeeded' || outcome === 'processing_failed';
  const processing = isProcessing(simulation, stored);
  if (stored.object.status !== 'open' && !(settles && processing)) {
    const { status, payment_status: paymentStatus } = stored.object;
    throw new ControlRefusal(409, `The session is ${status} and ${paymentStatus}; \`${outcome}\` is not possible now.`);
  }
  switch (outcome) {
    case 'paid':
      payAtOnce(simulation, stored, email, instrument);
      break;
    case 'declined':
      declineCard(simulation, stored, email, INSTRUMENTS.visa);
      break;
    case 'processing':
      payByBank(simulation, stored, email);
      break;
    case 'voucher':
      payByBank(simulation, stored, email, 'requires_action');
      break;
    case 'expired':
      expireSession(simulation, stored, NO_CAUSE);
      break;
    case 'processing_succeeded':
    case 'processing_failed':
      if (!processing) payByBank(simulation, stored, email);
      settleBankPayment(simulation, stored, outcome === 'processing_succeeded');
      break;
  }
}
