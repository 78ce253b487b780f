const encoder = new TextEncoder();

/** The `Stripe-Signature` header: HMAC-SHA256 of `<t>.<body>` (docs.stripe.com/webhooks, "Verify manually"). */
export async function signEvent(secret: string, body: string, timestampSeconds: number): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(`${timestampSeconds}.${body}`));
  const hex = Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `t=${timestampSeconds},v1=${hex}`;
}
