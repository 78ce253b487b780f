import * as z from 'zod';
import { StripeFailure } from '../failures.ts';
import type { FormTree } from '../form-encoding.ts';
import { boolean, email, list, metadata, text, url } from '../parameters.ts';

/** The countries in which a connected account of Stripe can be (stripe.com/global). */
const COUNTRIES = new Set(
  'AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IT JP LI LT LU LV MT MX MY NL NO NZ PL PT RO SE SG SI SK TH US'.split(
    ' ',
  ),
);

export const include = list(
  z.enum([
    'configuration.customer',
    'configuration.merchant',
    'configuration.recipient',
    'defaults',
    'future_requirements',
    'identity',
    'requirements',
  ]),
).default([]);

const party = z.enum(['application', 'stripe']);
const anything = z.unknown().optional();

/** The parameters of `POST /v2/core/accounts` that the simulator knows. */
export const createSchema = z.strictObject({
  include,
  contact_email: email().optional(),
  contact_phone: text().optional(),
  dashboard: z.enum(['express', 'full', 'none']).default('full'),
  display_name: text().optional(),
  metadata: metadata().default({}),
  identity: z
    .strictObject({
      country: text().optional(),
      entity_type: z.enum(['company', 'government_entity', 'individual', 'non_profit']).optional(),
      attestations: anything,
      business_details: anything,
      individual: anything,
    })
    .optional(),
  configuration: z
    .strictObject({
      merchant: z
        .strictObject({
          capabilities: z
            .strictObject({ card_payments: z.strictObject({ requested: boolean() }).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  defaults: z
    .strictObject({
      currency: text(3).optional(),
      locales: list(text()).optional(),
      profile: z
        .strictObject({
          business_url: url().optional(),
          doing_business_as: text().optional(),
          product_description: text().optional(),
        })
        .optional(),
      responsibilities: z.strictObject({ fees_collector: party, losses_collector: party }).optional(),
    })
    .optional(),
});

export const retrieveSchema = z.strictObject({ include });

/**
 * Parses decoded parameters of `/v2`. Throws the StripeFailure for the first fault, which names the parameter with dots,
 * such as `identity.country`.
 */
export function parseV2<S extends z.ZodType>(schema: S, params: FormTree): z.output<S> {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => [...path, key].join('.'));
    throw new StripeFailure(`Unknown field in the request: ${names.join(', ')}`, { code: 'unknown_field' });
  }
  const custom: unknown = issue?.code === 'custom' ? issue.params?.code : undefined;
  const code = typeof custom === 'string' ? custom : 'invalid_fields';
  throw new StripeFailure(`Invalid value for ${path.join('.')}: ${issue?.message ?? ''}`, { code });
}

/** The country in capital letters. Throws StripeFailure 400 without one, and for a country that Stripe does not support. */
export function supportedCountry(country: string | undefined): string {
  if (country === undefined) {
    throw new StripeFailure('The `identity.country` value is required but not provided.', {
      code: 'identity_country_required',
    });
  }
  const code = country.toUpperCase();
  if (!COUNTRIES.has(code)) {
    throw new StripeFailure(`Connected accounts in the country ${code} are not supported.`, {
      code: 'unsupported_country',
    });
  }
  return code;
}
