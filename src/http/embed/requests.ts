import * as z from 'zod/mini';
import { type ParsedApiKey, parseApiKey } from '../../core/api-keys.ts';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { anyText, first, formId, prefill, prefillFields, sessionId, toPrefill } from '../buyer/fields.ts';

const publicKey = z.pipe(
  z.string(),
  z.transform((text, context): ParsedApiKey & { readonly text: string } => {
    const parsed = parseApiKey(text);
    if (parsed?.kind === 'public') return { ...parsed, text };
    context.issues.push({ code: 'custom', message: 'key must be a public key.', input: text });
    return z.NEVER;
  }),
);

const linkToken = z.string().check(z.refine((text) => parsePaymentLinkToken(text) !== null));

/** The query of the bootstrap. Only a malformed key is refused. `token` is '' if it was malformed or not sent. */
export const bootstrapQuery = z.pipe(
  z.object({ ...prefillFields, key: z.pipe(first, publicKey), token: z.pipe(first, z.catch(linkToken, '')) }),
  z.transform(({ key, token, ...fields }) => ({ key, token, prefill: toPrefill(fields) })),
);

/** The query of the frame's page. */
export const frameQuery = z.pipe(
  z.object({
    t: anyText,
    form: z.pipe(first, z.catch(z.nullable(formId), null)),
    reference: anyText,
  }),
  z.transform(({ reference, ...rest }) => ({ ...rest, prefill: prefill.parse({ reference }) })),
);

export type FrameQuery = z.output<typeof frameQuery>;

/** A schema for a member that is text. Any other value counts as not sent. */
const text = z.catch(z.optional(z.string()), undefined);

/** The body that opens a session. Nothing is refused here, because the token `t` must be checked first. */
export const sessionRequest = z.pipe(
  z.object({ t: text, form: z.catch(z.nullable(formId), null), amount: text, email: text, reference: text }),
  z.transform(({ email, reference, ...rest }) => ({ ...rest, prefill: prefill.parse({ email, reference }) })),
);

export type SessionRequest = z.output<typeof sessionRequest>;

/** The body that ends a session. `session_id` is null if it was malformed or not sent. */
export const endRequest = z.object({ t: text, session_id: z.catch(z.nullable(sessionId), null) });

/** The query for the status of a session. `session_id` is null if it was malformed or not sent. */
export const statusQuery = z.object({ t: anyText, session_id: z.pipe(first, z.catch(z.nullable(sessionId), null)) });
