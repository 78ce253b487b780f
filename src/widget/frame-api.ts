import { type EmbeddedSession, type EmbeddedStatus, type FrameData, Refused } from '../contract/frame-data.ts';

const TIMEOUT_MS = 30_000;

async function ask(url: string, init: RequestInit = {}) {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Refused('network');
  }
  const { data, error } = await answer.json().catch(() => ({}));
  if (answer.ok && data) return data;
  // Places that may come back.
  if (error?.code === 'payment_link_sold_out' && answer.headers.has('Retry-After')) throw new Refused('held');
  throw new Refused(error?.code ?? 'network', error?.details?.[0]?.message ?? error?.message);
}

/** The session of a form: asked again with the same content it is the same one. `amount`: as typed. Throws Refused. */
export async function openSession(data: FrameData, form: string, amount: string | undefined): Promise<EmbeddedSession> {
  return await ask(data.sessionUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ t: data.t, form, amount, email: data.email, reference: data.reference }),
  });
}

/**
 * Ends a session that is left for another way to pay, also while the page goes away. False where it was paid meanwhile, or is
 * on its way: then nothing ends. Never rejects.
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

/** What became of a session. Throws Refused. */
export async function readStatus(data: FrameData, sessionId: string): Promise<EmbeddedStatus> {
  return await ask(`${data.statusUrl}?${new URLSearchParams({ t: data.t, session_id: sessionId })}`);
}
