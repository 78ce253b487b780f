/** The random id of a form: 26 letters and digits, more than 128 random bits. A repeated request has the same, and so the same session. */
export function newForm(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(26)), (n) => (n % 36).toString(36)).join('');
}
