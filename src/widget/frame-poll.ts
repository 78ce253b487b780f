import type { EmbeddedStatus } from '../contract/embed-api.ts';
import type { FrameData } from '../contract/frame-data.ts';
import { Refused, readStatus } from './frame-api.ts';
import { pollDelay } from './poll-delay.ts';

/**
 * Reads the status of a session until it is no longer `confirming`, and goes on after lost connections and server errors. null
 * where the token is too old to read it.
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
