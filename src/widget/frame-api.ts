import type { AmountReading, EmbeddedSession, EmbeddedStatus } from '../contract/embed-api.ts';
import type { FrameData } from '../contract/frame-data.ts';
import { pollDelay } from './frame-session.ts';

const TIMEOUT_MS = 30_000;

/**
 * A failed request. `code`: an error code of the API, `held` (other buyers hold the last places), `network` (no answer)
 * or `stripe_js` (Stripe.js or its form did not load). `readings`: what an unclear amount can mean.
 */
export class Refused extends Error {
  readonly code: string;
  readonly readings: readonly AmountReading[];
  constructor(code: string, message = code, readings: readonly AmountReading[] = []) {
    super(message);
    this.code = code;
    this.readings = readings;
  }
}

async function ask(url: string, init: RequestInit = {}) {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Refused('network');
  }
  const { data, error } = await answer.json().catch(() => ({}));
  if (answer.ok && data) return data;
  // With `Retry-After` the places are only held: the other buyers may leave without paying.
  if (error?.code === 'payment_link_sold_out' && answer.headers.has('Retry-After')) throw new Refused('held');
  const [detail] = error?.details ?? [];
  throw new Refused(error?.code ?? 'network', detail?.message ?? error?.message, detail?.readings);
}

/**
 * Opens a checkout session for the form with the id `form`. The same id and amount give the same session again.
 * `amount`: as the buyer typed it, or undefined for a fixed price. The widget has put the buyer's e-mail address into the
 * frame's name, so that it is in no address. Throws Refused if the server opens no session.
 */
export async function openSession(data: FrameData, form: string, amount: string | undefined): Promise<EmbeddedSession> {
  return await ask(data.sessionUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ t: data.t, form, amount, email: window.name, reference: data.reference }),
  });
}

/**
 * Ends the session of a buyer who leaves Stripe's form, also while the page is being closed. Returns false if the
 * session was paid meanwhile or is processing: then it cannot be ended. Returns true if the server does not answer.
 * Never rejects.
 */
export async function endSession(data: FrameData, sessionId: string): Promise<boolean> {
  try {
    const answer = await fetch(data.endUrl, {
      method: 'POST',
      keepalive: true,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ t: data.t, session_id: sessionId }),
    });
    const { data: ended, error } = await answer.json();
    return error?.code !== 'checkout_session_not_open' && !/succeeded|processing/.test(ended?.status);
  } catch {
    return true;
  }
}

/**
 * Requests the status of a session until it is no longer `confirming`, also after lost connections and server errors.
 * Returns null if the token is too old, or the session is not found.
 */
export async function pollStatus(data: FrameData, sessionId: string): Promise<EmbeddedStatus | null> {
  for (let turn = 0; ; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, pollDelay(turn)));
    try {
      const status = await readStatus(data, sessionId);
      if (status.status !== 'confirming') return status;
    } catch (error) {
      if (error instanceof Refused && /^(invalid_embed_token|not_found)$/.test(error.code)) return null;
    }
  }
}

async function readStatus(data: FrameData, sessionId: string): Promise<EmbeddedStatus> {
  return await ask(`${data.statusUrl}&${new URLSearchParams({ t: data.t, session_id: sessionId })}`);
}
