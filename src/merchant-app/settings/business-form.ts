import { visibleOrNull } from '../../core/text.ts';
import type { BusinessProfile } from '../../db/business-profiles.ts';
import { profileChangeBody } from '../../http/api/profile/requests.ts';
import type { BusinessField } from './business-texts.ts';

/** The fields of the form, in their order on the page. */
export const BUSINESS_FIELDS = [
  'display_name',
  'support_email',
  'support_phone',
  'website',
  'terms_url',
  'privacy_url',
  'refund_policy_url',
  'brand_color',
] as const satisfies readonly BusinessField[];

export type BusinessValues = Readonly<Record<BusinessField, string>>;

/** What the form shows for a profile. `name`: the name of the workspace, which buyers see until there is another one. */
export function valuesOf(profile: BusinessProfile | null, name: string): BusinessValues {
  return {
    display_name: profile?.displayName ?? name,
    support_email: profile?.supportEmail ?? '',
    support_phone: profile?.supportPhone ?? '',
    website: profile?.website ?? '',
    terms_url: profile?.termsUrl ?? '',
    privacy_url: profile?.privacyUrl ?? '',
    refund_policy_url: profile?.refundPolicyUrl ?? '',
    brand_color: profile?.brandColor ?? '',
  };
}

/** Reads the form that was sent. `faulty`: the fields that the API would refuse too; then there is no `input`. */
export function readBusinessForm(form: URLSearchParams) {
  const text = (name: BusinessField) => (form.get(name) ?? '').trim();
  const values: BusinessValues = {
    display_name: text('display_name'),
    support_email: text('support_email'),
    support_phone: text('support_phone'),
    website: text('website'),
    terms_url: text('terms_url'),
    privacy_url: text('privacy_url'),
    refund_policy_url: text('refund_policy_url'),
    brand_color: text('brand_color'),
  };
  // An empty field clears, but for the name, which an empty text faults.
  const body = Object.fromEntries(
    BUSINESS_FIELDS.map((name) => [name, name === 'display_name' ? values[name] : visibleOrNull(values[name])]),
  );
  const parsed = profileChangeBody.safeParse(body);
  if (parsed.success) return { values, input: parsed.data, faulty: [] };
  const faulty = BUSINESS_FIELDS.filter((name) => parsed.error.issues.some(({ path }) => path[0] === name));
  return { values, input: null, faulty };
}
