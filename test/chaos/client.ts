import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 15_000;
const PAUSE_MS = 250;

/** An answer with a known outcome: nobody has to ask again. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | null;
  /** True if the Worker says that it has stored this answer before. */
  readonly isReplay: boolean;
}

/** Counts what clients go through in a run. */
export interface ClientCounts {
  requests: number;
  /** Requests without a known outcome: no answer, or an answer that says to try again. */
  retried: number;
}

/**
 * Sends a request until its outcome is known, as a careful client does: again after a lost connection, a 5xx, a 429,
 * and `idempotency_key_in_use`. null: `signal` was aborted before.
 */
export async function untilAnswered(
  counts: ClientCounts,
  signal: AbortSignal,
  url: string,
  init: RequestInit,
): Promise<Answer | null> {
  while (!signal.aborted) {
    const answer = await ask(url, init);
    counts.requests += 1;
    if (answer && isFinal(answer)) return answer;
    counts.retried += 1;
    await sleep(PAUSE_MS);
  }
  return null;
}

async function ask(url: string, init: RequestInit): Promise<Answer | null> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const { status, headers } = response;
    const isReplay = headers.has('Idempotent-Replayed');
    return { status, body: await response.text(), location: headers.get('location'), isReplay };
  } catch {
    return null;
  }
}

function isFinal({ status, body }: Answer): boolean {
  return status < 500 && status !== 429 && !(status === 409 && body.includes('idempotency_key_in_use'));
}
