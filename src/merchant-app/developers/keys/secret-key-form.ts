import type { Mode } from '../../../core/api-keys.ts';
import { newFormId } from '../../../core/ids.ts';
import { mayGrantScopes, type Role } from '../../../core/rights.ts';
import { SCOPES, SERVICE_WILDCARD } from '../../../core/scopes.ts';
import { nameFault } from '../../../core/text.ts';
import type { NewSecretKey } from '../../../domain/keys/issue-key-once.ts';
import { formIdIn } from '../../form.ts';

const MAX_NAME = 100;
/** The most requests a minute that a key made here may send. An operator can make one that may send more. */
export const MAX_RATE_PER_MINUTE = 10_000;
const DEFAULT_RATE = '60';

/** What stands in the form for a secret key. */
export interface SecretKeyForm {
  readonly formId: string;
  readonly name: string;
  readonly rate: string;
  /** `all`: the ticks count for nothing. */
  readonly access: 'all' | 'some';
  readonly ticked: readonly string[];
}

/** The members of the form that were refused. */
export type SecretKeyFault = 'name' | 'rate' | 'scopes';

/** An empty form for a person with this role. */
export function emptySecretKeyForm(formId: string, role: Role, mode: Mode): SecretKeyForm {
  const access = mayGrantScopes(role, mode, [SERVICE_WILDCARD]) ? 'all' : 'some';
  return { formId, name: '', rate: DEFAULT_RATE, access, ticked: [] };
}

/** The form as it was sent. */
export function readSecretKeyForm(fields: URLSearchParams): SecretKeyForm {
  return {
    formId: formIdIn(fields) ?? newFormId(),
    name: fields.get('name') ?? '',
    rate: fields.get('rate') ?? '',
    access: fields.get('access') === 'all' ? 'all' : 'some',
    ticked: fields.getAll('scope'),
  };
}

/** The scopes that the form asks for, each once, in the order in which the form has them. */
export function scopesOf({ access, ticked }: SecretKeyForm): string[] {
  if (access === 'all') return [SERVICE_WILDCARD];
  const known = SCOPES.filter((scope) => ticked.includes(scope));
  return [...known, ...new Set(ticked.filter((scope) => !SCOPES.some((one) => one === scope)))];
}

/** The key that the form asks for, or the members at fault. Whether the person may grant the scopes is not checked here. */
export function checkSecretKeyForm(
  form: SecretKeyForm,
):
  | { readonly ok: true; readonly key: NewSecretKey }
  | { readonly ok: false; readonly faults: readonly SecretKeyFault[] } {
  const scopes = scopesOf(form);
  const rateLimitPerMinute = /^\d{1,6}$/.test(form.rate.trim()) ? Number(form.rate) : 0;
  const name = form.name.trim();
  const faults: SecretKeyFault[] = [];
  if (nameFault(name, MAX_NAME) !== null) faults.push('name');
  if (rateLimitPerMinute < 1 || rateLimitPerMinute > MAX_RATE_PER_MINUTE) faults.push('rate');
  if (scopes.length === 0) faults.push('scopes');
  return faults.length > 0 ? { ok: false, faults } : { ok: true, key: { name, scopes, rateLimitPerMinute } };
}
