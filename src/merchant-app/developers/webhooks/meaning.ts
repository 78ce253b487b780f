import type { AttemptView } from '../../../db/deliveries.ts';
import { ATTEMPT_ERRORS } from '../../../domain/webhooks/stored-texts.ts';
import type { meaningTexts } from './meaning-texts.ts';

/** What the outcome of an attempt means. */
type Meaning = keyof (typeof meaningTexts)['en'];

/** Statuses with which Cloudflare answers in place of a server that it cannot reach (developers.cloudflare.com/support). */
const UNREACHABLE = [521, 523, 530];
const SLOW = [504, 522, 524];
const NO_TLS = [525, 526];

/** What the outcome of an attempt means. */
export function meaningOf({ statusCode, error }: Pick<AttemptView, 'statusCode' | 'error'>): Meaning {
  return statusCode === null ? meaningOfError(error ?? '') : meaningOfStatus(statusCode);
}

function meaningOfError(error: string): Meaning {
  if (error.startsWith(ATTEMPT_ERRORS.timeout)) return 'timeout';
  if (error.startsWith(ATTEMPT_ERRORS.notSent)) return 'notSent';
  return /\b(tls|ssl|certificate|handshake)\b/i.test(error) ? 'tls' : 'unreachable';
}

function meaningOfStatus(status: number): Meaning {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'redirect';
  if (NO_TLS.includes(status)) return 'tls';
  if (SLOW.includes(status)) return 'timeout';
  if (UNREACHABLE.includes(status)) return 'unreachable';
  if (status >= 500) return 'failed';
  const known = {
    401: 'refused',
    403: 'refused',
    404: 'missing',
    405: 'method',
    410: 'gone',
    413: 'tooLarge',
    429: 'tooMany',
  } as const;
  const isKnown = (code: number): code is keyof typeof known => Object.hasOwn(known, code);
  return isKnown(status) ? known[status] : 'rejected';
}
