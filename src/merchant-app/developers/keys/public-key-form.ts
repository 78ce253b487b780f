import type { Mode } from '../../../core/api-keys.ts';
import { newFormId } from '../../../core/ids.ts';
import { originFault } from '../../../core/origins.ts';
import type { NewPublicKey } from '../../../domain/keys/create-public-key.ts';
import { PUBLIC_KEY_BODIES } from '../../../http/api/public-keys/requests.ts';
import { formIdIn } from '../../form.ts';

/** What stands in the form for a public key. */
export interface PublicKeyForm {
  readonly formId: string;
  readonly name: string;
  /** One per line. */
  readonly origins: string;
}

/** What was refused. `origin`: the first line that is no origin; null: the list as a whole is at fault, or nothing in it. */
export interface PublicKeyFaults {
  readonly name: boolean;
  readonly origins: boolean;
  readonly origin: string | null;
}

/** The form as it was sent. */
export function readPublicKeyForm(fields: URLSearchParams): PublicKeyForm {
  return {
    formId: formIdIn(fields) ?? newFormId(),
    name: fields.get('name') ?? '',
    origins: fields.get('origins') ?? '',
  };
}

/** The key that the form asks for, by the rules of the API, or what was refused. */
export function checkPublicKeyForm(
  form: PublicKeyForm,
  mode: Mode,
): { readonly ok: true; readonly key: NewPublicKey } | { readonly ok: false; readonly faults: PublicKeyFaults } {
  const lines = form.origins.split('\n').flatMap((line) => line.trim() || []);
  const parsed = PUBLIC_KEY_BODIES[mode].create.safeParse({ name: form.name, allowed_origins: lines });
  if (parsed.success) return { ok: true, key: parsed.data };
  const at = (member: string) => parsed.error.issues.some(({ path }) => path[0] === member);
  const origin = lines.find((line) => originFault(line, { sandbox: mode === 'sandbox' }) !== null) ?? null;
  return { ok: false, faults: { name: at('name'), origins: at('allowed_origins'), origin } };
}
