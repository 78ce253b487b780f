/** 26 letters and digits, more than 128 random bits: names one checkout, so that a repeated request is no second session. */
export function newForm(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(26)), (n) => (n % 36).toString(36)).join('');
}
