import { type VerifyWebhookOptions, verifyWebhook, WebhookVerificationError } from '../../sdk/verify-webhook.ts';
import { signWebhook } from '../../src/core/webhook-signature.ts';
import { BODY, CURRENT, NOW } from './webhook-vectors.ts';

/** The reason of the refusal, or `accepted`. Every other error comes through. */
export async function outcome(options: VerifyWebhookOptions): Promise<string> {
  try {
    await verifyWebhook(options);
    return 'accepted';
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.reason;
    throw error;
  }
}

/** The signature headers of an attempt as they are sent, of both kinds. */
export async function delivery(body = BODY, secrets = [CURRENT], attempt = 1) {
  return await signWebhook({
    eventId: 'evt_0b1946ac92492d2347c6235b4d2611184',
    body,
    secrets,
    attempt,
    nowSeconds: NOW,
  });
}

/** The Standard Webhooks headers alone. */
export async function standardDelivery(...given: Parameters<typeof delivery>) {
  const { 'Softsolz-Signature': _, ...headers } = await delivery(...given);
  return headers;
}
