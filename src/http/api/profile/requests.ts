import * as z from 'zod/mini';
import { colour, documented, email, judgedText, visibleText, webUrl } from '../fields.ts';

const MAX_NAME = 100;
const MAX_PHONE = 32;
const LEAST_DIGITS = 5;
const PHONE = /^[0-9+(). -]*$/;

const displayName = visibleText(
  'display_name',
  MAX_NAME,
  `display_name must be text of 1 to ${MAX_NAME} characters, and cannot be cleared.`,
);

const NOT_A_PHONE = `must be a phone number of at most ${MAX_PHONE} characters, with at least ${LEAST_DIGITS} digits, for example "+44 20 7946 0958".`;

function phoneFault(text: string): string | null {
  const isPhone = text.length <= MAX_PHONE && PHONE.test(text) && text.replace(/[^0-9]/g, '').length >= LEAST_DIGITS;
  return isPhone ? null : NOT_A_PHONE;
}

const phone = documented(judgedText('support_phone', `support_phone ${NOT_A_PHONE}`, phoneFault), {
  pattern: PHONE.source,
  minLength: LEAST_DIGITS,
  maxLength: MAX_PHONE,
});

const url = (field: string, description: string) => documented(z.nullish(webUrl(field)), description);

/** The schema for the body of `PATCH /profile`: only what is to change. null clears a member. */
export const profileChange = z.object({
  display_name: documented(
    z.optional(displayName),
    'The name that buyers see on links with `show_business_name`. It cannot be cleared.',
  ),
  support_email: documented(z.nullish(email('support_email')), 'Where buyers can reach you by e-mail.'),
  support_phone: documented(
    z.nullish(phone),
    'Where buyers can reach you by phone: digits, spaces and `+ ( ) - .`, with at least 5 digits. Three or more digits behind ` - ` after a whole number are an extension: they are shown, and not dialled.',
  ),
  website: url('website', 'The address of your website.'),
  terms_url: url('terms_url', 'The address of your terms of sale.'),
  privacy_url: url('privacy_url', 'The address of your privacy policy.'),
  refund_policy_url: url('refund_policy_url', 'The address of your refund policy.'),
  brand_color: documented(
    z.nullish(colour('brand_color')),
    'The colour of the Pay button of links without a `button_color`: #rgb or #rrggbb.',
  ),
});

/** Validates the body of `PATCH /profile`, and turns it into the input of `updateProfile`. Not sent: undefined. */
export const profileChangeBody = z.pipe(
  profileChange,
  z.transform((body: z.output<typeof profileChange>) => ({
    displayName: body.display_name,
    supportEmail: body.support_email,
    supportPhone: body.support_phone,
    website: body.website,
    termsUrl: body.terms_url,
    privacyUrl: body.privacy_url,
    refundPolicyUrl: body.refund_policy_url,
    brandColor: body.brand_color,
  })),
);
