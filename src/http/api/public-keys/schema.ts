import * as z from 'zod/mini';
import { hasVisibleText, textFault } from '../../../core/text.ts';
import { documented } from '../documented.ts';

const MAX_NAME = 100;
export const MAX_ORIGINS = 50;

const name = documented(
  z.string(`name must be text of 1 to ${MAX_NAME} characters.`).check(
    z.superRefine((value, context) => {
      const fault = hasVisibleText(value)
        ? textFault(value, { max: MAX_NAME, lineBreaks: false })
        : 'must have visible characters.';
      if (fault) context.addIssue({ code: 'custom', message: `name ${fault}` });
    }),
  ),
  { minLength: 1, maxLength: MAX_NAME, description: 'For your own lists.' },
);

const ORIGINS_EXPECTED = `allowed_origins must be a list of 1 to ${MAX_ORIGINS} origins.`;

// Each entry is judged by core/origins.ts, which knows the key's mode.
const allowedOrigins = documented(
  z
    .array(z.unknown(), ORIGINS_EXPECTED)
    .check(z.minLength(1, ORIGINS_EXPECTED), z.maxLength(MAX_ORIGINS, ORIGINS_EXPECTED)),
  {
    items: { type: 'string' },
    description:
      'Whose pages may use the key: `https://shop.example`, `https://*.shop.example` (every subdomain, not the host itself), each with or without a port. On pk_test_ keys also `http://localhost:3000` and `http://localhost:*`.',
  },
);

/** The body of `POST /public-keys`. */
export const newPublicKeySchema = z.object({ name: z.nullish(name), allowed_origins: allowedOrigins });

/** The body of `PATCH /public-keys/:id`. */
export const publicKeyChangeSchema = z.object({
  name: z.optional(name),
  allowed_origins: z.optional(allowedOrigins),
});
