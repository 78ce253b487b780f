import { DISABLED_REASONS } from '../../../domain/webhooks/stored-texts.ts';
import type { Language } from '../../language.ts';
import { endpointTexts } from './texts.ts';

/** Why an endpoint is switched off, in the reader's language. A stored reason that is not known stays as it is. */
export function disabledReasonText(language: Language, reason: string | null): string {
  const known = (['byOwner', 'gone', 'failing'] as const).find((name) => DISABLED_REASONS[name] === reason);
  return known === undefined ? (reason ?? '') : endpointTexts[language].reasons[known];
}
