import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import { logoUrl } from '../../../core/urls.ts';
import { type BusinessProfile, EMPTY_PROFILE } from '../../../db/business-profiles.ts';
import type { Context } from '../../../domain/context.ts';
import { documented } from '../fields.ts';

const address = (what: string) => documented(z.nullable(z.string()), what);

/** The schema of a business profile in answers. */
export const profileSchema = () =>
  documented(
    z.object({
      display_name: documented(
        z.string(),
        'The name that buyers see. Until you set one, it is that of your workspace.',
      ),
      logo_url: address('The address of your logo. It changes with the picture.'),
      support_email: address('Where buyers can reach you by e-mail.'),
      support_phone: address('Where buyers can reach you by phone.'),
      website: address('The address of your website.'),
      terms_url: address('The address of your terms of sale.'),
      privacy_url: address('The address of your privacy policy.'),
      refund_policy_url: address('The address of your refund policy.'),
      brand_color: documented(
        z.nullable(z.string()),
        'The colour of the Pay button of links without a `button_color`: #rgb or #rrggbb, in lower case.',
      ),
      updated_at: documented(z.nullable(z.iso.datetime()), 'null: nothing was set yet.'),
    }),
    { title: 'Profile' },
  );

type ProfileAnswer = z.output<ReturnType<typeof profileSchema>>;

/** A business profile as answers show it. `profile` null: nothing was ever set in it. */
export function presentProfile(
  { workspace, publicUrl, shard }: Pick<Context, 'workspace' | 'publicUrl' | 'shard'>,
  profile: BusinessProfile | null,
): ProfileAnswer {
  const shown = profile ?? EMPTY_PROFILE;
  const { logoHash: hash } = shown;
  return {
    display_name: shown.displayName ?? workspace.name,
    logo_url: hash === null ? null : logoUrl(publicUrl, { shard, hash }),
    support_email: shown.supportEmail,
    support_phone: shown.supportPhone,
    website: shown.website,
    terms_url: shown.termsUrl,
    privacy_url: shown.privacyUrl,
    refund_policy_url: shown.refundPolicyUrl,
    brand_color: shown.brandColor,
    updated_at: profile ? toRfc3339(profile.updatedAt) : null,
  };
}
