import * as z from 'zod';
import type { PaymentResult, PublishedKey } from '../../src/core/result-signature.ts';

/** A key as a merchant reads it: nothing but the published members. */
export const publishedKeys = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        use: z.literal('sig'),
        alg: z.literal('EdDSA'),
        kid: z.string().min(1),
        x: z.base64url().length(43),
      }),
    )
    .min(1),
});

/** A result as each merchant's order may have it. */
export const RESULT: PaymentResult = {
  payment_id: 8123,
  status: 'succeeded',
  amount_cents: 4999,
  currency: 'GBP',
  reference: 'Invoice 1042',
  t: 1_770_000_000,
  link: 'lnk_0abcdefghij0123456789',
  livemode: true,
};

/** Whether `signature` (base64url) fits the text under one key: nothing of ours, only Web Crypto. */
export async function isSignedBy(
  key: Pick<PublishedKey, 'x'>,
  signature: string | null,
  text: string,
): Promise<boolean> {
  const bytes = (encoded: string) => {
    const base64 = encoded.replaceAll('-', '+').replaceAll('_', '/');
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  };
  const imported = await crypto.subtle.importKey('raw', bytes(key.x), 'Ed25519', false, ['verify']);
  return await crypto.subtle.verify('Ed25519', imported, bytes(signature ?? ''), new TextEncoder().encode(text));
}
