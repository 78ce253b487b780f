import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_SECONDS = 300;

/**
 * The published check of a webhook, as a merchant would write it. `header`: `Softsolz-Signature`, `t=<unix seconds>` and one
 * or more `v1=<hex>`. `body`: the raw body, before any parsing. `secret`: the endpoint's, whole, `whsec_` included. Null when
 * the webhook is genuine and fresh, else what is wrong with it.
 */
export function webhookFault(
  header: string,
  body: string,
  secret: string,
  nowSeconds = Math.floor(Date.now() / 1000),
): string | null {
  const parts = header.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  if (!/^\d+$/.test(timestamp)) return 'Softsolz-Signature has no t=<unix seconds>';
  if (Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS)
    return `it was signed more than ${TOLERANCE_SECONDS} s ago`;
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  const signatures = parts.filter((part) => part.startsWith('v1=')).map((part) => Buffer.from(part.slice(3), 'hex'));
  const genuine = signatures.some(
    (signature) => signature.length === expected.length && timingSafeEqual(signature, expected),
  );
  return genuine ? null : 'no signature in Softsolz-Signature fits this body and secret';
}
