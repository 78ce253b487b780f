import type { EmbeddedSession, EmbeddedStatus } from '../contract/embed-api.ts';
import type { FrameData } from '../contract/frame-data.ts';
import { endSession, openSession, pollStatus, Refused } from './frame-api.ts';
import { faultOf } from './frame-faults.ts';
import { parentAt } from './frame-parent.ts';
import { newForm } from './frame-session.ts';
import { loadStripe, type MountedCheckout, mountCheckout } from './frame-stripe.ts';
import { chooseView, leavingLine, setPayUrl, stateView } from './frame-view.ts';

/** How long a payment may be confirmed until the frame offers to close. Until then the widget keeps its dialog open. */
const CONFIRM_MS = 60_000;

const data: FrameData = JSON.parse(document.getElementById('data')?.textContent ?? '');
const { texts } = data;
const state = stateView();
const page = parentAt(data.origin, focus);
const showElsewhere = leavingLine('elsewhere', () => {
  isLeft = true;
  void leave();
  page.post('close');
});
const choose = data.amount && chooseView((amount) => void start(amount), data.amount.empty);

const showChosen =
  choose &&
  leavingLine('chosen', async () => {
    if (!(await leave())) return;
    choose.setShown(true);
    choose.focus();
  });

let form = data.form;
let chosen: string | undefined;
let checkout: MountedCheckout | undefined;
/** The id of the session that Stripe's form shows. undefined while no form is shown. */
let open: string | undefined;
/** True if the buyer has gone to the pay page. When the buyer comes back, a new session is opened. */
let isLeft = false;

addEventListener('pagehide', ({ persisted }) => {
  if (data.limited && !persisted) void leave();
});

function focus(): void {
  if (isLeft) {
    isLeft = false;
    void start(chosen);
  } else if (choose?.isShown()) choose.focus();
  else if (checkout) document.querySelector<HTMLElement>('#checkout iframe')?.focus();
  else state.focus();
}

/**
 * Opens the checkout session and shows Stripe's form, or an error. A call after an error sends the same form, so it
 * opens the same session. `amount`: as typed, or undefined for a fixed price.
 */
async function start(amount: string | undefined): Promise<void> {
  chosen = amount;
  // What was typed may be anything: only an amount that was accepted goes into an address.
  setPayUrl(data.payUrl);
  choose?.setBusy(true);
  state.show(texts.loading);
  try {
    const [session] = await Promise.all([openOrAnew(amount), loadStripe(data.stripeJs)]);
    if (amount !== undefined) setPayUrl(`${data.payUrl}&${new URLSearchParams({ amount })}`);
    choose?.setShown(false);
    await show(session);
  } catch (error) {
    refuse(error);
  } finally {
    choose?.setBusy(false);
  }
}

/** Opens the checkout session of `form`. If that session has ended, makes a new form and opens its session. */
async function openOrAnew(amount: string | undefined): Promise<EmbeddedSession> {
  try {
    return await openSession(data, form, amount);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'checkout_session_not_open') throw error;
    form = newForm();
    return await openSession(data, form, amount);
  }
}

async function show(session: EmbeddedSession): Promise<void> {
  const { client_secret, session_id } = session;
  if (client_secret === null) return await confirm(session_id);
  const complete = () => void confirm(session_id);
  checkout = await mountCheckout({ ...session, client_secret }, complete);
  open = session_id;
  await checkout.loaded;
  // The buyer may have left meanwhile.
  if (open !== session_id) return;
  state.hide();
  showElsewhere(true);
  showChosen?.(true);
  page.post('ready');
}

/**
 * Removes Stripe's form and ends its session, so that the buyer cannot pay twice for one purchase. Returns false if the
 * session was paid meanwhile: then the frame shows the result.
 */
async function leave(): Promise<boolean> {
  if (open === undefined) return true;
  const left = open;
  drop();
  form = newForm();
  if (await endSession(data, left)) return true;
  isLeft = false;
  await confirm(left);
  return false;
}

/** After the buyer has finished Stripe's form: waits for the status of the payment, and shows it. */
async function confirm(sessionId: string): Promise<void> {
  page.post('confirming');
  drop();
  state.setReceipt(`${data.doneUrl}&${new URLSearchParams({ session_id: sessionId })}`);
  state.show(texts.confirming);
  state.focus();
  const long = setTimeout(() => state.show(texts.confirming, ['receipt', 'close']), CONFIRM_MS);
  const status = await pollStatus(data, sessionId);
  clearTimeout(long);
  if (status) settle(status);
  else state.show(texts.confirming, ['receipt', 'close']);
}

function settle({ status, amount_text, ...payment }: EmbeddedStatus): void {
  switch (status) {
    case 'succeeded':
    case 'processing':
      state.show(texts[status], ['receipt', 'close'], amount_text);
      page.post(status, payment);
      break;
    case 'failed':
    case 'expired':
      form = newForm();
      state.show(texts[status], ['retry', 'close']);
      page.post('failed', { code: `payment_${status}`, message: texts[status].text });
  }
  state.focus();
}

/** Shows an error. If it is about the amount, it stands beside the amount field, else in place of the form. */
function refuse(error: unknown): void {
  const { code, message } = error instanceof Refused ? error : { code: 'stripe_js', message: '' };
  if (code === 'invalid_amount' && choose) {
    state.hide();
    choose.setShown(true);
    choose.setBusy(false);
    choose.setFault(message, error instanceof Refused ? error.readings : []);
    return;
  }
  drop();
  choose?.setShown(false);
  const { text, actions } = faultOf(code, data);
  state.show(text, actions);
  state.focus();
  page.post('blocked', { reason: code });
}

function drop(): void {
  checkout?.destroy();
  checkout = undefined;
  open = undefined;
  showElsewhere(false);
  showChosen?.(false);
}

state.on('retry', () => void start(chosen));
state.on('close', () => page.post('close'));
page.post('ready');
// While the buyer chooses an amount, Stripe.js is loaded already. If that fails, `start` tries again.
if (choose) loadStripe(data.stripeJs).catch(() => undefined);
else void start(undefined);
