import { type EmbeddedStatus, type FrameData, Refused } from '../contract/frame-data.ts';
import { readStatus } from './frame-api.ts';
import { pollDelay } from './poll-delay.ts';

/**
 * Asks until the payment is no longer being confirmed, through lost connections and faults of ours. null where the answer is
 * no longer ours to have: the token is too old.
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
