import type * as z from 'zod/mini';
import { mayTryPasskey } from '../../domain/sign-in/limits.ts';
import type { AppContext } from '../app-env.ts';
import { setCookiesOf } from '../cookies.ts';
import { readForm } from '../form.ts';
import { visitorIn } from './code-steps.ts';
import type { Ceremony } from './passkeys.ts';

/** Answers the script of a page with what the browser hands to a passkey. 429: too often in an hour. */
export async function answerScript(
  c: Pick<AppContext, 'req' | 'var' | 'json' | 'body' | 'header'>,
  begin: (auth: AppContext['var']['auth'], headers: Headers) => Promise<Ceremony>,
) {
  if (!(await mayTryPasskey(c.var.directory, visitorIn(c), Date.now()))) return c.body(null, 429);
  const { options, headers } = await begin(c.var.auth, c.req.raw.headers);
  setCookiesOf(c, headers);
  return c.json(options);
}

/** What the script put into the form that was sent, in the shape of `schema`. null: it has another one. */
export async function sentPasskey<Passkey>(
  c: Pick<AppContext, 'req'>,
  schema: z.ZodMiniType<Passkey>,
): Promise<Passkey | null> {
  const text = (await readForm(c)).get('credential') ?? '';
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
