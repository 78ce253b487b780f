import * as z from 'zod/mini';
import { country } from '../../account-json.ts';
import type { FieldCodes } from '../../middleware/validate.ts';
import { documented, email, flag, returnUrl } from '../fields.ts';

/** The error codes for faults, by the name of the member. For all other members it is `validation_failed`. */
export const ONBOARDING_CODES: FieldCodes = { return_url: 'invalid_url', refresh_url: 'invalid_url' };

const url = (field: string, description: string) =>
  documented(returnUrl(field, `${field} is required: an absolute http or https URL.`), description);

/** The schema for the body of `POST /account/onboarding-links`. */
export const onboardingLink = z.object({
  country: documented(
    z.nullish(country),
    'The country of the business, as an ISO 3166-1 code. Needed until an account exists. It can never be changed.',
  ),
  email: documented(
    z.nullish(email('email')),
    'The e-mail address of the business, for Stripe. Needed until an account exists.',
  ),
  return_url: url(
    'return_url',
    'Where Stripe sends the merchant, finished or not. In live mode it must be https. Read the account to know how it stands.',
  ),
  refresh_url: url(
    'refresh_url',
    'Where Stripe sends the merchant if the link was used before or has run out. Your page there makes a new link. In live mode it must be https.',
  ),
  start_over: documented(
    z.nullish(flag('start_over')),
    'true: a new account takes the place of one that cannot charge, for example in another country.',
  ),
});

/** Validates the body of `POST /account/onboarding-links`, and turns it into the input of `startOnboarding`. */
export const onboardingLinkBody = z.pipe(
  onboardingLink,
  z.transform((body: z.output<typeof onboardingLink>) => ({
    country: body.country ?? null,
    email: body.email ?? null,
    returnUrl: body.return_url,
    refreshUrl: body.refresh_url,
    startOver: body.start_over ?? false,
  })),
);
