import type { EmbeddedSession, EmbeddedStatus } from '../contract/embed-api.ts';
import type { FrameData } from '../contract/frame-data.ts';
import { endSession, openSession, pollStatus, Refused } from './frame-api.ts';
import { faultOf } from './frame-faults.ts';
import { parentAt } from './frame-parent.ts';
import { newForm } from './frame-session.ts';
import { loadStripe, mountCheckout } from './frame-stripe.ts';
import { chooseView, setPayUrl, stateView, wayOut } from './frame-view.ts';

/** For this time the widget does not let the buyer close its dialog. */
const CONFIRM_MS = 60_000;

const data: FrameData = JSON.parse(document.getElementById('data')?.textContent ?? '');
const { texts } = data;
const state = stateView();
const page = parentAt(data.origin, focus);
const showElsewhere = wayOut('elsewhere', () => {
  isLeft = true;
  void leave();
  page.post('close');
});
const choose = data.amount && chooseView((amount) => void start(amount), data.amount.empty);

const showChosen =
  choose &&
  wayOut('chosen', async () => {
    if (!(await leave())) return;
    choose.setShown(true);
    choose.focus();
  });

let form = data.form;
let chosen: string | undefined;
let checkout: { destroy(): void } | undefined;
/** The id of the session that Stripe's form shows. */
let open: string | undefined;
/** True: the buyer has gone to the pay page, and begins again on coming back. */
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

/** Opens the session and shows Stripe's form. Called again after an error: the same form is the same session. */
async function start(amount: string | undefined): Promise<void> {
  chosen = amount;
  if (amount !== undefined) setPayUrl(`${data.payUrl}&${new URLSearchParams({ amount })}`);
  choose?.setBusy(true);
  state.show({ title: texts.loading, text: '' });
  try {
    const [session] = await Promise.all([openOrAnew(amount), loadStripe(data.stripeJs)]);
    choose?.setShown(false);
    await show(session);
  } catch (error) {
    refuse(error);
  } finally {
    choose?.setBusy(false);
  }
}

/** Opens the session of the form, or of a new form if that session has ended. */
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
  state.hide();
  showElsewhere(true);
  showChosen?.(true);
  page.post('ready');
}

/**
 * Leaves Stripe's form and ends its session, so that no two sessions of one purchase can be paid or keep a place. Returns false if
 * the session was paid meanwhile: then the frame shows that.
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

/** Shows the status of the payment, after the buyer has finished Stripe's form. */
async function confirm(sessionId: string): Promise<void> {
  page.post('confirming');
  drop();
  const receipt = `${data.doneUrl}${data.doneUrl.includes('?') ? '&' : '?'}${new URLSearchParams({ session_id: sessionId })}`;
  state.setReceipt(receipt);
  state.show(texts.confirming);
  state.focus();
  const long = setTimeout(() => state.show(texts.confirming, ['receipt', 'close']), CONFIRM_MS);
  const status = await pollStatus(data, sessionId);
  clearTimeout(long);
  if (status) settle(status);
  else state.show(texts.confirming, ['receipt', 'close']);
}

function settle({ status, ...payment }: EmbeddedStatus): void {
  switch (status) {
    case 'succeeded':
    case 'processing':
      state.show(texts[status], ['receipt', 'close']);
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

/** Shows an error: beside the amount field if it is about the amount, else instead of the form. */
function refuse(error: unknown): void {
  const { code, message } = error instanceof Refused ? error : { code: 'stripe_js', message: '' };
  if (code === 'invalid_amount' && choose) {
    state.hide();
    choose.setShown(true);
    choose.setBusy(false);
    choose.setFault(message);
    return;
  }
  drop();
  choose?.setShown(false);
  const { text, ways } = faultOf(code, data);
  state.show(text, ways);
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
if (!choose) void start(undefined);
