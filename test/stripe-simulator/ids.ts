const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` random base62 characters. */
export function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** A fragment as hosted Checkout has it: `#fid`, then letters, digits and percent-encoded characters. '' for length 0. */
export function checkoutFragment(length: number): string {
  return length === 0 ? '' : `#fid${randomText(length)}`.replaceAll(/([a-z]\d)../g, '$1%2F').slice(0, length);
}

/** A new object id in Stripe's form, such as `pi_` and 24 characters. */
export function newId(
  prefix: 'acct' | 'ch' | 'dp' | 'evt' | 'li' | 'pi' | 'pm' | 'pmd' | 'price' | 'prod' | 're' | 'req' | 'txn',
): string {
  return `${prefix}_${randomText(prefix === 'acct' ? 16 : 24)}`;
}

/** A new Checkout session id: `cs_test_` or `cs_live_` and 58 characters. */
export function newSessionId(livemode: boolean): string {
  return `cs_${livemode ? 'live' : 'test'}_a1${randomText(56)}`;
}
