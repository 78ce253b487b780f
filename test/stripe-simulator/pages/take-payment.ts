import { declineCard, payAtOnce, payByBank } from '../resources/payments.ts';
import type { Simulation } from '../simulation.ts';
import type { StoredSession } from '../state.ts';
import { checkCard, emailErrors, type FieldErrors, type FieldValues, fieldValues, isCheckedCard } from './card-form.ts';

/** How long the bank of the slow card needs to answer. */
const SLOW_MS = 3000;

export type Taken =
  | { readonly kind: 'complete' }
  /** The session was paid or expired before this form, or while the bank was answering. */
  | { readonly kind: 'closed' }
  /** 402: declined. 422: a field is wrong. `values` are shown in the form again, without the card. */
  | {
      readonly kind: 'refused';
      readonly status: 402 | 422;
      readonly values: FieldValues;
      readonly errors: FieldErrors;
    };

/** Applies a submitted payment form to its session, for hosted and embedded Checkout. */
export async function takePayment(simulation: Simulation, stored: StoredSession, form: FormData): Promise<Taken> {
  const values = buyerValues(stored, form);
  if (stored.object.status !== 'open') return { kind: 'closed' };
  if (form.get('method') === 'bank') return takeBankPayment(simulation, stored, values);
  const checked = checkCard(values, simulation.now());
  if (!isCheckedCard(checked)) return { kind: 'refused', status: 422, values, errors: checked };
  if (checked.slow) {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (isOver(stored)) return { kind: 'closed' };
  }
  if (checked.declined) {
    declineCard(simulation, stored, values.email, checked.card);
    const errors = { card_number: 'Your card was declined. Try another card.' };
    return { kind: 'refused', status: 402, values, errors };
  }
  payAtOnce(simulation, stored, values.email, checked.card);
  return { kind: 'complete' };
}

function takeBankPayment(simulation: Simulation, stored: StoredSession, values: FieldValues): Taken {
  const errors = emailErrors(values);
  if (errors.email) return { kind: 'refused', status: 422, values, errors };
  payByBank(simulation, stored, values.email);
  const subject = { account: stored.account, text: JSON.stringify(stored.object) };
  const { bank_settles_after_seconds: seconds } = simulation.conditions.settingsFor(subject);
  stored.settleAtMs = seconds === null ? null : simulation.now() + seconds * 1000;
  return { kind: 'complete' };
}

function isOver({ object }: StoredSession): boolean {
  return object.status !== 'open';
}

/** The values of the form. The buyer cannot change an e-mail address that came with the session. */
function buyerValues(stored: StoredSession, form: FormData): FieldValues {
  const values = fieldValues(form);
  return { ...values, email: stored.object.customer_email ?? values.email };
}
