import type { Mode } from '../../src/core/api-keys.ts';

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const PORT = '(:[1-9]\\d{0,4})?';
const HTTPS_ORIGIN = new RegExp(`^https://(\\*\\.)?${LABEL}(\\.${LABEL})+${PORT}$`);
const LOCAL_ORIGIN = /^http:\/\/localhost(:([1-9]\d{0,4}|\*))?$/;

/**
 * Judges an entry of a public key's allowlist: `https://shop.example`, `https://*.shop.example`, both with a port if need be,
 * and for sandbox keys `http://localhost` with any port or `*`. Null when fine, else a sentence about `origin`.
 */
export function originFault(origin: string, mode: Mode): string | null {
  if (LOCAL_ORIGIN.test(origin)) {
    return mode === 'sandbox' ? null : `The origin ${origin} is only for sandbox keys: live keys take https origins.`;
  }
  if (HTTPS_ORIGIN.test(origin) && URL.canParse(origin.replace('*.', ''))) return null;
  return `The origin ${origin} must be like https://shop.example, https://*.shop.example or https://shop.example:8443: lower case, no path.`;
}
